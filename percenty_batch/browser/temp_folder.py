"""A temporary folder for each driver, so that nothing of it outlives the driver.

A killed driver leaves profiles and artifacts behind. Its folder goes with it; that of a process
of ours that was killed itself is swept by the next one. A lock in the folder tells which: the
kernel frees it when its owner dies, whatever ids and clocks say, and also for another container.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "percenty-"  # short: Chromium puts a socket below it, whose path has 107 bytes at most
_UNLOCKED_PREFIX = "percenty_"
_LOCK = "lock"
_TRIES = 3  # a process that was killed a moment ago may still have made a file


@dataclass(frozen=True, slots=True, kw_only=True)
class TempFolder:
    """A folder of our own, locked by this process."""

    path: Path
    lock: int


def make_temp_folder() -> TempFolder:
    """Make a folder in the system's temporary one. Uses the disk: it blocks. Raises OSError."""
    unlocked = Path(tempfile.mkdtemp(prefix=_UNLOCKED_PREFIX))
    try:
        lock = os.open(unlocked / _LOCK, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        _take(lock)
        # Only now does it get a name that others look for.
        path = unlocked.rename(unlocked.with_name(unlocked.name.replace("_", "-", 1)))
    except BaseException:
        _remove(unlocked)
        raise
    return TempFolder(path=path, lock=lock)


def remove_temp_folder(folder: TempFolder) -> None:
    """Remove it with all that is in it. What cannot be removed is left to a later sweep."""
    _remove(folder.path)
    os.close(folder.lock)


def sweep_temp_folders() -> int:
    """Remove the folders of our user's dead processes and return their number. It blocks."""
    return sum(_sweep(path) for path in _folders())


if sys.platform == "win32":

    def _take(lock: int) -> None:
        del lock  # neither needed nor possible: Windows removes no file that is open

    def _folders() -> Iterator[Path]:
        yield from ()  # hence none can be told from one in use

else:
    import fcntl

    def _take(lock: int) -> None:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _folders() -> Iterator[Path]:
        for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/"):
            with suppress(OSError):  # gone in the meantime
                if path.lstat().st_uid == os.geteuid() and not path.is_symlink():
                    yield path


def _sweep(path: Path) -> bool:
    try:
        lock = os.open(path / _LOCK, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False  # not one of ours
    try:
        _take(lock)
    except OSError:
        return False  # its owner lives
    else:
        _remove(path)
        return True
    finally:
        os.close(lock)


def _remove(path: Path) -> None:
    for _ in range(_TRIES):
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return
