"""When a round gives up its rest: too many accounts failed, or the site is down."""

from dataclasses import dataclass

from percenty_batch.jobs.halting import HaltLimit, Tally, halt_reason, parse_halt
from percenty_batch.jobs.site_health import SiteHealth
from percenty_batch.models import JobResult, StopReason
from percenty_batch.settings import JobSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """Why the accounts and steps that have not begun are left alone."""

    reason: StopReason
    text: str


class Brake:
    """Watches how the accounts of one round end their steps."""

    def __init__(self, limits: JobSettings, account_count: int) -> None:
        self._limit: HaltLimit | None = parse_halt(limits.halt) if limits.halt else None
        self._count = account_count
        self._tally = Tally()
        self._health = SiteHealth.of_batch(account_count, limits)

    def saw_item_done(self) -> None:
        """A site that takes a change is alive."""
        self._health = self._health.alive()

    def seen(self, result: JobResult, at: float) -> Halt | None:
        """Take in how an account ended a step; `at` is monotonic. Returns why to halt, if so."""
        self._tally = self._tally.seen(result)
        self._health = self._health.seen(result, at)
        if self._health.is_down:
            return Halt(reason=StopReason.SITE_DOWN, text=self._health.reason)
        if self._limit and (text := halt_reason(self._limit, self._tally, self._count)):
            return Halt(reason=StopReason.HALTED, text=text)
        return None
