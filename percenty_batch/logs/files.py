"""Many log files, few of them open; a line whose call has returned is in the kernel."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from percenty_batch.logs.disk import has_no_room, reason
from percenty_batch.logs.gaps import GapBook
from percenty_batch.models import Missing

_FLAGS = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
_DELETED_CHECK_S = 1.0


class AppendFiles:
    """Appends to any number of files while at most `max_open` of them are open.

    Nothing here raises into the work that logs: what cannot be written is tried once more
    through a newly opened file, then counted in `gaps` (once per file), and so are files that
    were deleted. Before `open` and after `close` each line opens, writes and closes its file.
    """

    def __init__(self, max_open: int, gaps: GapBook) -> None:
        self._max_open = max_open
        self._gaps = gaps
        self._is_losing = False
        self._made: set[str] = set()
        self._descriptors: OrderedDict[str, int] = OrderedDict()  # least recently used first
        self._torn: set[str] = set()
        self._is_open = False
        self._check_at = 0.0
        self._lock = threading.RLock()  # re-entrant: a signal handler may log, too

    def append(self, paths: Iterable[str], data: bytes) -> bool:
        """Append `data` to each file, creating it when it is missing; False: there is no room."""
        refusal = None
        with self._lock:
            if time.monotonic() >= self._check_at:
                self._forget_deleted()
            for path in paths:
                try:
                    self._write(path, data)
                except OSError:
                    refusal = self._write_again(path, data) or refusal
            if refusal is not None or self._is_losing:
                self._note(refusal)
            if not self._is_open:
                self._close_all()
        return refusal is None or not has_no_room(refusal)

    def release(self, paths: Iterable[str]) -> None:
        """Close these files; the next line opens them again."""
        with self._lock:
            for path in paths:
                self._close(path)

    def open(self) -> None:
        """Keep files open from now on."""
        with self._lock:
            self._is_open = True

    def close(self) -> None:
        with self._lock:
            self._is_open = False
            self._close_all()

    def _write(self, path: str, data: bytes) -> None:
        descriptor = self._descriptors.get(path)
        if descriptor is None:
            descriptor = self._open_file(path)
        else:
            self._descriptors.move_to_end(path)
        written = os.write(descriptor, data)
        if written < len(data):
            self._write_rest(path, descriptor, data[written:])

    def _write_rest(self, path: str, descriptor: int, rest: bytes) -> None:
        self._torn.add(path)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        self._torn.discard(path)

    def _write_again(self, path: str, data: bytes) -> OSError | None:
        """Try through a new file: its folder may be gone, or the process's descriptors."""
        self._close(path)
        self._close_oldest()
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._write(path, data)
        except OSError as error:
            self._close(path)
            self._gaps.lost(Missing.LINES, reason(error))
            return error
        return None

    def _note(self, refusal: OSError | None) -> None:
        self._is_losing = refusal is not None
        if refusal is None:
            self._gaps.ended(Missing.LINES)

    def _open_file(self, path: str) -> int:
        while len(self._descriptors) >= self._max_open:
            self._close_oldest()
        descriptor = self._descriptors[path] = self._opened(path)
        if path in self._torn:  # half a line stands at the end: the next one starts anew
            os.write(descriptor, b"\n")
            self._torn.discard(path)
        return descriptor

    def _opened(self, path: str) -> int:
        if path in self._made:
            try:
                return os.open(path, _FLAGS, 0o666)
            except FileNotFoundError:  # it took its lines with it
                self._made.discard(path)
                self._torn.discard(path)
                self._gaps.deleted()
        descriptor = os.open(path, _FLAGS | os.O_CREAT, 0o666)
        self._made.add(path)
        return descriptor

    def _forget_deleted(self) -> None:
        """Let go of files that were deleted under us: writing to them succeeds and is lost."""
        self._check_at = time.monotonic() + _DELETED_CHECK_S
        for path, descriptor in list(self._descriptors.items()):
            if _is_gone(descriptor):
                self._close(path)

    def _close_all(self) -> None:
        while self._descriptors:
            self._close_oldest()

    def _close_oldest(self) -> None:
        if self._descriptors:
            self._close(next(iter(self._descriptors)))

    def _close(self, path: str) -> None:
        descriptor = self._descriptors.pop(path, None)
        if descriptor is not None:
            with suppress(OSError):  # network file systems report late that a line was lost
                os.close(descriptor)


def _is_gone(descriptor: int) -> bool:
    try:
        return os.fstat(descriptor).st_nlink == 0
    except OSError:  # a network file system forgot the file
        return True
