"""What is given up, and in which order, while the disk runs full."""

import threading
import time
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path

from percenty_batch.logs.disk import MB, free_bytes
from percenty_batch.logs.gaps import GapBook
from percenty_batch.models import Missing

_LOOK_EVERY_S = 1.0
_HOLD_S = 30.0  # a used-up quota is not seen in the free bytes: only another try would tell
_EASE = 4 / 5  # what was given up comes back at 1.25 times the room at which it went
_CAUSE = "디스크 공간 부족"


class Shortage(IntEnum):
    """How short the room is: what stands at a level and before it is given up."""

    NONE = 0
    TRACES = 1
    EVIDENCE = 2
    DEBUG = 3
    INFO = 4


_MISSING = {
    Shortage.TRACES: Missing.TRACES,
    Shortage.EVIDENCE: Missing.EVIDENCE,
    Shortage.DEBUG: Missing.DEBUG,
    Shortage.INFO: Missing.INFO,
}
_LINES = {"DEBUG": Shortage.DEBUG, "INFO": Shortage.INFO}
_TOLD = {
    Shortage.NONE: "디스크 여유 공간이 다시 충분하여 모두 남깁니다",
    Shortage.TRACES: "디스크 공간이 부족하여 trace를 남기지 않습니다",
    Shortage.EVIDENCE: "디스크 공간이 부족하여 trace, 화면, HTML을 남기지 않습니다",
    Shortage.DEBUG: "디스크 공간이 부족하여 trace, 화면, HTML, 디버그 로그를 남기지 않습니다",
    Shortage.INFO: "디스크 공간이 부족하여 trace, 화면, HTML, 디버그와 정보 로그를 남기지 않습니다",
}


def shortage(free: int, wanted: int, before: Shortage) -> Shortage:
    """Judge the room (bytes): each level begins at half the room of the one above it.

    The first begins below `wanted`. A level is left only with some room to spare, so that the
    judgement does not swing; never with `wanted` 0.
    """
    return max(_level(free, wanted), min(before, _level(free * _EASE, wanted)))


def _level(free: float, wanted: int) -> Shortage:
    return Shortage(sum(free < wanted / 2**halvings for halvings in range(Shortage.INFO)))


class DiskGuard:
    """Withholds what a disk that runs full has no room for; errors and warnings always pass.

    Looks when it is asked, at most once a second. Whoever is refused counts as one loss in the
    run's gaps, so ask only for what would be written. `tell` gets a line when the level changes.
    """

    def __init__(
        self, folder: Path, min_free_mb: int, gaps: GapBook, tell: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._wanted = min_free_mb * MB
        self._gaps = gaps
        self._tell = tell
        self._level = Shortage.NONE
        self._look_at = 0.0
        self._held_until = 0.0
        self._lock = threading.RLock()  # re-entrant: telling is logging, which asks us

    def may_trace(self) -> bool:
        """Whether there is room for a trace."""
        return self._allows(Shortage.TRACES)

    def may_take_evidence(self) -> bool:
        """Whether there is room for a screenshot and HTML."""
        return self._allows(Shortage.EVIDENCE)

    def may_write(self, level: str) -> bool:
        """Whether there is room for a line of this level (`INFO`)."""
        limit = _LINES.get(level)
        if limit is not None:
            return self._allows(limit)
        self._look()
        return True

    def refused(self) -> None:
        """A write found no room: give up all that may be, for a while."""
        self._held_until = time.monotonic() + _HOLD_S
        self._change(Shortage.INFO)

    def _allows(self, limit: Shortage) -> bool:
        self._look()
        if self._level < limit:
            return True
        self._gaps.lost(_MISSING[limit], _CAUSE)
        return False

    def _look(self) -> None:
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + _LOOK_EVERY_S
        if now >= self._held_until:
            self._change(self._judged())

    def _judged(self) -> Shortage:
        if not self._wanted:
            return Shortage.NONE
        try:
            free = free_bytes(self._folder)
        except OSError:  # a disk that cannot be asked is judged by what it refuses
            return self._level
        return shortage(free, self._wanted, self._level)

    def _change(self, level: Shortage) -> None:
        with self._lock:
            before, self._level = self._level, level
        if level is before:
            return
        for eased in range(level + 1, before + 1):
            self._gaps.ended(_MISSING[Shortage(eased)])
        self._tell(_TOLD[level])
