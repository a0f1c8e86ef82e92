"""The right to drive an account: held while a job runs, and checked before every change."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from percenty_batch.errors import LeaseHeldError, LeaseLostError, LedgerError
from percenty_batch.jobs.pool import pause
from percenty_batch.jobs.stop import Stop
from percenty_batch.ledger import Holder, Lease, Ledger, Owner

_RENEWALS = 3  # in the time that a lease lasts
_RESERVE = 0.1  # of that time, at least, is kept for a change that is on its way to the site
_MOST_RESERVE = 2 / 3  # the rest is what a renewal is good for

Beat = Callable[[], Awaitable[None]]
"""What else is to be done with each renewal; it may raise LedgerError."""


class AccountLease:
    """A lease that is ours, until somebody else had to take it over."""

    def __init__(
        self, ledger: Ledger, lease: Lease, asked_at: float, change_s: float = 0.0
    ) -> None:
        self.lease = lease
        self.lost = asyncio.Event()
        self._ledger = ledger
        self._reserve_s = _reserve_s(lease.ttl_s, change_s)
        self._valid_until = self._valid_from(asked_at)

    async def check(self) -> None:
        """Raise LeaseLostError when the account is no longer ours.

        Within the time since the last renewal nobody can have taken it. After that, as when the
        process was frozen, the ledger is asked; it raises LedgerError when it does not answer.
        """
        if self.lost.is_set():
            raise LeaseLostError
        if steady_s() >= self._valid_until:
            await self._renew()

    async def keep(self, on_beat: Beat | None = None) -> None:
        """Renew the lease time and again, until it is lost."""
        while not self.lost.is_set():
            await asyncio.sleep(self.lease.ttl_s / _RENEWALS)
            with suppress(LedgerError, LeaseLostError):  # `check` and `lost` tell those who work
                await self._renew()
                if on_beat is not None:
                    await on_beat()

    async def _renew(self) -> None:
        asked_at = steady_s()
        if not await self._ledger.renew(self.lease):
            self.lost.set()
            raise LeaseLostError
        self._valid_until = self._valid_from(asked_at)

    def _valid_from(self, asked_at: float) -> float:
        return asked_at + self.lease.ttl_s - self._reserve_s


@asynccontextmanager
async def leased(
    ledger: Ledger,
    resource: str,
    owner: Owner,
    ttl_s: float,
    stop: Stop | None = None,
    *,
    change_s: float = 0.0,
    on_beat: Beat | None = None,
) -> AsyncIterator[AccountLease]:
    """Hold the lease. Raises LeaseHeldError when a living owner has it, and LedgerError.

    An owner who gives no sign of life is outwaited, unless a `stop` is asked for. `change_s` is
    how long a change may take from the check of the lease to its effect: the browser goes on
    trying to click while we are frozen. `on_beat` is called after each renewal.
    """
    held = await _acquire(ledger, resource, owner, ttl_s, stop or Stop(), change_s)
    keeping = asyncio.create_task(held.keep(on_beat), name=f"keep lease of {resource}")
    try:
        yield held
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        with suppress(LedgerError):  # then it lapses by itself
            await ledger.release(held.lease)


async def _acquire(
    ledger: Ledger, resource: str, owner: Owner, ttl_s: float, stop: Stop, change_s: float
) -> AccountLease:
    asked_at = steady_s()
    answer = await ledger.acquire(resource, owner, ttl_s)
    renewed_at = None if isinstance(answer, Lease) else answer.renewed_at
    looks = 0
    while isinstance(answer, Holder):
        has_renewed = answer.renewed_at != renewed_at
        if has_renewed or looks > _RENEWALS + 1 or stop.draining.is_set():
            raise LeaseHeldError(
                f"다른 실행이 사용 중입니다: {answer.owner}, {_local(answer.since)}부터"
            )
        await pause(ttl_s / _RENEWALS * (1 + _RESERVE), stop)
        looks += 1
        asked_at = steady_s()
        answer = await ledger.acquire(resource, owner, ttl_s)
    return AccountLease(ledger, answer, asked_at, change_s)


def steady_s() -> float:
    """Seconds on a clock that nobody sets, and that also runs while the machine sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def _reserve_s(ttl_s: float, change_s: float) -> float:
    return max(ttl_s * _RESERVE, min(change_s, ttl_s * _MOST_RESERVE))


def _local(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"
