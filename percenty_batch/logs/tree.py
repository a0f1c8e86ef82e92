"""What stands in a log folder: every file that a run of ours has left, and whose it is."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from percenty_batch.logs.packing import PACKED, is_packed

STALE_MARK = ".stale"
"""An empty file beside a run's reports: they name files that have changed since."""

_STAMP = re.compile(r"[0-9]{8}_[0-9]{6}")
_BATCH_LOG = re.compile(r"batch_processor_([0-9]{8}_[0-9]{6})\.log")
_DRAFT = re.compile(r"\.(?P<name>.+)\.tmp\.zst")
_LOG, _ERRORS = ".log", "_errors.log"


class FileKind(StrEnum):
    """What a file of a run is."""

    LOG = "log"
    ERRORS = "errors"
    BATCH = "batch"
    EVIDENCE = "evidence"
    REPORT = "report"
    MARK = "mark"
    DRAFT = "draft"
    FOLDER = "folder"


_PLACES = {
    "accounts": FileKind.LOG,
    "errors": FileKind.ERRORS,
    "evidence": FileKind.EVIDENCE,
    "reports": FileKind.REPORT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file. `path` is relative to the log folder, with slashes; `stem` names the account.

    `kind` FOLDER is a run's folder that is empty; DRAFT what a compression that was cut off left.
    """

    path: str
    stamp: str
    kind: FileKind
    size: int
    modified_ns: int
    stem: str | None = None

    @property
    def is_packed(self) -> bool:
        return is_packed(self.path)


def stored_files(
    root: Path, kinds: frozenset[FileKind] | None = None, stamp: str | None = None
) -> Iterator[StoredFile]:
    """Find the files of all runs, or of one, sorted by path within a kind; of some kinds or all.

    What is not named as ours, and symbolic links, are left out. Raises OSError when a folder
    cannot be read; one that is not there is empty.
    """
    for place, kind in _PLACES.items():
        if kinds is None or kind in kinds:
            yield from _runs_files(root, place, kind, stamp)
    if kinds is None or FileKind.BATCH in kinds:
        logs = _batch_logs(root)
        yield from (file for file in logs if stamp in (None, file.stamp))


def stored_file(root: Path, path: str) -> StoredFile | None:
    """Find the file of that path, from wherever it comes; None when the tree has no such file.

    The path is held against what the folders list, and is never opened itself. Raises OSError.
    """
    place, _, rest = path.partition("/")
    stamp, kind = rest.partition("/")[0], _PLACES.get(place)
    if not rest:
        files = _batch_logs(root)
    elif kind is None or not _STAMP.fullmatch(stamp):
        return None
    else:
        files = _runs_files(root, place, kind, stamp)
    return next((file for file in files if file.path == path), None)


def draft_path(packed: Path) -> Path:
    """Name the file in which a compressed one is written before it gets its name."""
    return packed.with_name(f".{packed.name.removesuffix(PACKED)}.tmp{PACKED}")


def _runs_files(
    root: Path, place: str, kind: FileKind, stamp: str | None = None
) -> Iterator[StoredFile]:
    for folder in _entries(root / place):
        if stamp not in (None, folder.name):
            continue
        if not (_STAMP.fullmatch(folder.name) and folder.is_dir(follow_symlinks=False)):
            continue
        entries = _entries(Path(folder.path))
        if not entries:
            yield _stored(folder, f"{place}/{folder.name}", folder.name, FileKind.FOLDER)
        for entry in entries:
            path = f"{place}/{folder.name}/{entry.name}"
            yield from _entry_files(entry, path, folder.name, kind)


def _entry_files(
    entry: os.DirEntry[str], path: str, stamp: str, kind: FileKind
) -> Iterator[StoredFile]:
    if kind is FileKind.EVIDENCE:
        yield from _below(entry, path, stamp)
    elif not entry.is_file(follow_symlinks=False):
        return
    elif _DRAFT.fullmatch(entry.name):
        yield _stored(entry, path, stamp, FileKind.DRAFT)
    elif kind is FileKind.REPORT:
        is_mark = entry.name == STALE_MARK
        yield _stored(entry, path, stamp, FileKind.MARK if is_mark else kind)
    elif stem := _stem(entry.name, kind):
        yield _stored(entry, path, stamp, kind, stem)


def _below(entry: os.DirEntry[str], path: str, stamp: str) -> Iterator[StoredFile]:
    """Find what stands in an account's folder of evidence."""
    if entry.is_file(follow_symlinks=False):
        yield _stored(entry, path, stamp, FileKind.EVIDENCE)
    elif entry.is_dir(follow_symlinks=False):
        inner = _entries(Path(entry.path))
        if not inner:
            yield _stored(entry, path, stamp, FileKind.FOLDER)
        for each in inner:
            yield from _below(each, f"{path}/{each.name}", stamp)


def _batch_logs(root: Path) -> Iterator[StoredFile]:
    for entry in _entries(root):
        draft = _DRAFT.fullmatch(entry.name)
        name = draft["name"] if draft else entry.name.removesuffix(PACKED)
        match = _BATCH_LOG.fullmatch(name)
        if match and entry.is_file(follow_symlinks=False):
            kind = FileKind.DRAFT if draft else FileKind.BATCH
            yield _stored(entry, entry.name, match[1], kind)


def _stem(name: str, kind: FileKind) -> str | None:
    plain, ending = name.removesuffix(PACKED), _ERRORS if kind is FileKind.ERRORS else _LOG
    return plain.removesuffix(ending) if plain.endswith(ending) and plain != ending else None


def _stored(
    entry: os.DirEntry[str], path: str, stamp: str, kind: FileKind, stem: str | None = None
) -> StoredFile:
    stat = entry.stat(follow_symlinks=False)
    size = 0 if kind is FileKind.FOLDER else stat.st_size
    return StoredFile(
        path=path,
        stamp=stamp,
        kind=kind,
        size=size,
        modified_ns=stat.st_mtime_ns,
        stem=stem,
    )


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
