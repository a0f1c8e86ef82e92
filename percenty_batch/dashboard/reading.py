"""The ledger as the pages need it: read once for all who look, and not more often than it pays."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from percenty_batch.dashboard.standing import RunOutline, Standing, outline_of
from percenty_batch.ledger import Ledger, RunPlan, Start
from percenty_batch.manager import shared_place
from percenty_batch.settings import Settings

WINDOW = timedelta(minutes=10)
"""Over which the present speed is taken."""

_LEAST_AGE_S = 1.0
_REST = 5  # a reading may take a fifth of the time
_FINAL_AGE_S = 30.0  # a run that ended may be taken up again
_MOST_STANDINGS, _MOST_OUTLINES = 4, 500


@dataclass(slots=True)
class _Kept:
    """What was read of a run, until when it is good, and who reads it just now."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    standing: Standing | None = None
    good_until: float = 0.0


class Reader:
    """Reads runs. Every call may raise LedgerError."""

    def __init__(
        self, ledger: Ledger, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.ledger = ledger
        self._clock = clock
        self._place = shared_place(settings)
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._outlines: OrderedDict[tuple[str, int], RunOutline] = OrderedDict()

    def is_here(self, plan: RunPlan) -> bool:
        """Tell whether the run's files are in our log folder."""
        return self._place is None or plan.place == self._place

    async def standing(self, run_id: str) -> Standing | None:
        """Tell how far a run is, as it was at most a moment ago; None: there is no such run."""
        kept = self._kept.setdefault(run_id, _Kept())
        self._kept.move_to_end(run_id)
        while len(self._kept) > _MOST_STANDINGS:
            self._kept.popitem(last=False)
        async with kept.lock:
            if self._clock() >= kept.good_until:
                began = self._clock()
                kept.standing = await self._read(run_id, kept.standing)
                now = self._clock()
                kept.good_until = now + _age_s(kept.standing, now - began)
            return kept.standing

    def forget(self, run_id: str) -> None:
        """Read the run anew the next time: somebody has just changed something."""
        self._kept.pop(run_id, None)

    async def latest(self) -> Standing | None:
        found = await self.ledger.runs(1)
        return await self.standing(found[0][0].run_id) if found else None

    async def outlines(self, count: int, before: str | None = None) -> list[RunOutline]:
        """List runs, newest first, each in few words; those that have ended are read only once."""
        found = await self.ledger.runs(count, before=before)
        return [await self._outline(plan, starts) for plan, starts in found]

    async def _outline(self, plan: RunPlan, starts: tuple[Start, ...]) -> RunOutline:
        key = plan.run_id, len(starts)
        if key in self._outlines:
            return self._outlines[key]
        standing = await self._read(plan.run_id)
        if standing is None:
            raise RuntimeError("a run that was listed stays")
        outline = outline_of(standing)
        if starts and starts[-1].finished_at is not None and not standing.is_running:
            self._outlines[key] = outline
            while len(self._outlines) > _MOST_OUTLINES:
                self._outlines.popitem(last=False)
        return outline

    async def _read(self, run_id: str, before: Standing | None = None) -> Standing | None:
        now = datetime.now(UTC)
        known = before.progress if before else None
        progress = await self.ledger.progress(run_id, now - WINDOW, known)
        if progress is None:
            return None
        holder = await self.ledger.holder(f"run:{run_id}")
        start = progress.starts[-1].number
        return Standing(
            progress=progress,
            holder=holder,
            stop=await self.ledger.stop_request(run_id, start) if holder else None,
            read_at=now,
        )


def _age_s(standing: Standing | None, cost_s: float) -> float:
    if standing is not None and not standing.is_running:
        return min(_FINAL_AGE_S, max(_LEAST_AGE_S, cost_s * _REST * 6))
    return max(_LEAST_AGE_S, cost_s * _REST)
