"""Write a text file so that a reader finds all of it or nothing."""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_atomically(path: Path, pieces: Iterable[str], *, should_replace: bool) -> None:
    """Write UTF-8 through a temporary neighbour that is on the disk before it gets the name.

    Raises FileExistsError when the name is taken and may not be replaced, and OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not should_replace and path.exists():
        raise FileExistsError(f"이미 있는 보고서는 덮어쓰지 않습니다: {path.name}")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    with suppress(OSError):  # the report is there; some file systems cannot sync a folder
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows cannot open a folder; its rename is durable on its own terms
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
