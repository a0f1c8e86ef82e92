"""What is missing from a run's logs, from when until when and why."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from percenty_batch.models import LogGap, Missing

_SAME_GAP = timedelta(seconds=60)  # a shorter pause is no end: one bad hour is not 1,000 gaps


class GapBook:
    """Keeps the gaps of one run. A gap begins with the first loss: what nobody missed is none."""

    def __init__(self, now_ns: Callable[[], int]) -> None:
        self._now_ns = now_ns
        self._began_at = self._now()
        self._gaps: list[LogGap] = []
        self._latest: dict[tuple[Missing, str], int] = {}
        self._lock = threading.RLock()  # re-entrant: a signal handler may log, too

    @property
    def gaps(self) -> tuple[LogGap, ...]:
        return tuple(self._gaps)

    @property
    def lost_lines(self) -> int:
        """Count the lines that could not be written; those withheld on purpose are not in it."""
        return sum(gap.count for gap in self.gaps if gap.missing is Missing.LINES)

    def lost(self, missing: Missing, cause: str) -> None:
        """Count one loss, in the gap that goes on or ended just now, else in a new one."""
        with self._lock:
            now = self._now()
            at = self._latest.get((missing, cause))
            gap = None if at is None else self._gaps[at]
            if at is None or gap is None or (gap.until and now - gap.until > _SAME_GAP):
                self._add(LogGap(missing=missing, cause=cause, since=now, until=None, count=1))
            else:
                self._gaps[at] = replace(gap, until=None, count=gap.count + 1)

    def ended(self, missing: Missing) -> None:
        """From now on this is complete again."""
        with self._lock:
            now = self._now()
            for at, gap in enumerate(self._gaps):
                if gap.missing is missing and gap.until is None:
                    self._gaps[at] = replace(gap, until=now)

    def deleted(self) -> None:
        """A file of this run is gone, with whatever was written to it so far."""
        cause, now = "로그 파일이 지워짐", self._now()
        with self._lock:
            at = self._latest.get((Missing.LINES, cause))
            if at is not None:
                self._gaps[at] = replace(self._gaps[at], until=now)
                return
            began_at = self._began_at
            missing = Missing.LINES
            self._add(LogGap(missing=missing, cause=cause, since=began_at, until=now, count=0))

    def _add(self, gap: LogGap) -> None:
        self._latest[gap.missing, gap.cause] = len(self._gaps)
        self._gaps.append(gap)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._now_ns() / 1_000_000_000, UTC).astimezone()
