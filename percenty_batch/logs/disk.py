"""How much room the disk of the log folder has, and what it says when it has none."""

import errno
import shutil
from pathlib import Path

from percenty_batch.errors import CannotRunError, DiskError, os_reason

MB = 1024 * 1024

_NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


def check_disk(folder: Path, min_free_mb: int) -> None:
    """Refuse to begin where there is too little room; `folder` need not exist yet. Blocking.

    Raises DiskError, and CannotRunError when the folder's disk cannot be asked.
    """
    try:
        free = free_bytes(folder)
    except OSError as error:
        raise cannot_make(folder, error) from error
    if free < min_free_mb * MB:
        room = f"여유 {free // MB} MB, 필요 {min_free_mb} MB"
        raise DiskError(f"디스크 여유 공간이 부족합니다: {folder} ({room})")


def free_bytes(folder: Path) -> int:
    """Ask the disk that holds `folder`, or would hold it, for what we may still write."""
    path = folder.absolute()
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


def has_no_room(error: OSError) -> bool:
    """Tell a full disk or a used-up quota from every other trouble."""
    return error.errno in _NO_ROOM


def reason(error: OSError) -> str:
    """Say in Korean why the disk refused."""
    if has_no_room(error):
        return "디스크 공간 부족"
    return "읽기 전용" if error.errno == errno.EROFS else os_reason(error)


def cannot_make(folder: Path, error: OSError) -> CannotRunError:
    """Make the error of a log folder that cannot be made."""
    kind = DiskError if has_no_room(error) else CannotRunError
    return kind(f"로그 폴더를 만들 수 없습니다: {folder} ({reason(error)})")
