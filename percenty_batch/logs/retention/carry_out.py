"""A plan's steps done to the disk. Whatever kills it, a later tidy finishes from what is there.

A file is compressed into a draft beside it, which is read back and compared, gets its name, and
only then is the file itself removed. Where both are found, the compressed one is looked into: what
a tidy that was killed has put there already is not put there twice.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import chain
from pathlib import Path

from percenty_batch.errors import os_reason
from percenty_batch.logs.packing import chunks, compress_into, packed_path
from percenty_batch.logs.retention.plan import Deed, Step
from percenty_batch.logs.tree import draft_path

_WORKERS = 8  # they mostly wait for the disk to confirm


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """What came of a run's steps. `freed` are bytes; `problems` are Korean lines, one a file."""

    packed_count: int = 0
    deleted_count: int = 0
    freed: int = 0
    problems: tuple[str, ...] = ()

    def __add__(self, other: "Tidied") -> "Tidied":
        return Tidied(
            packed_count=self.packed_count + other.packed_count,
            deleted_count=self.deleted_count + other.deleted_count,
            freed=self.freed + other.freed,
            problems=self.problems + other.problems,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A log whose compressed form is written and read back; `draft` None: it had its name before.

    `state` is the log's size and time when that was begun.
    """

    source: Path
    draft: Path | None
    state: tuple[int, int]


def carry_out(
    root: Path,
    steps: Sequence[Step],
    render: Callable[[str], Sequence[str]],
    *,
    should_stop: Callable[[], bool] = lambda: False,
    workers: int = _WORKERS,
) -> Tidied:
    """Do the steps of one run, which nobody else may touch meanwhile. Blocking.

    `render` writes the reports of a stamp again and returns what went wrong. What cannot be done
    is told, and the other steps are done all the same; when it `should_stop`, the rest is left.
    """
    result = Tidied()
    for deed, group in _groups(steps):
        if should_stop():
            break
        match deed:
            case Deed.PACK:
                result += _pack_all([root / step.path for step in group], workers, should_stop)
            case Deed.RENDER:
                result += _render(root, group[0], render)
            case Deed.MARK:
                result += _each(root, group, _mark)
            case Deed.DELETE:
                result += _each(root, group, partial(_delete, root))
    return result


def _groups(steps: Sequence[Step]) -> Iterator[tuple[Deed, list[Step]]]:
    group: list[Step] = []
    for step in steps:
        if group and group[0].deed is not step.deed:
            yield group[0].deed, group
            group = []
        group.append(step)
    if group:
        yield group[0].deed, group


def _each(root: Path, steps: Iterable[Step], work: Callable[[Path], Tidied]) -> Tidied:
    result = Tidied()
    for step in steps:
        path = root / step.path
        try:
            result += work(path)
        except OSError as error:
            result += _problem(path, error)
    return result


def _mark(path: Path) -> Tidied:
    path.touch()
    return Tidied()


def _delete(root: Path, path: Path) -> Tidied:
    freed = 0
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    elif path.exists():
        freed = path.stat().st_size
        path.unlink()
    _drop_empty(path.parent, root)
    return Tidied(deleted_count=1, freed=freed)


def _drop_empty(folder: Path, root: Path) -> None:
    """Remove the folders that held the file, up to those of the tree itself."""
    while len(folder.relative_to(root).parts) > 1:
        try:
            folder.rmdir()
        except OSError:  # something stands in it, or it is gone
            return
        folder = folder.parent


def _render(root: Path, step: Step, render: Callable[[str], Sequence[str]]) -> Tidied:
    problems = tuple(render(step.stamp))
    if problems:  # the mark stays: the next tidy tries again
        return Tidied(problems=problems)
    return _each(root, [step], _unmark)


def _unmark(mark: Path) -> Tidied:
    mark.unlink(missing_ok=True)
    return Tidied()


def _pack_all(paths: Sequence[Path], workers: int, should_stop: Callable[[], bool]) -> Tidied:
    """Compress files; each is removed when its compressed form is durable under its name."""

    def attempt(path: Path) -> _Draft | Tidied:
        return Tidied() if should_stop() else _attempt(path)

    if workers == 1:
        outcomes = [attempt(path) for path in paths]
    else:
        with ThreadPoolExecutor(workers, thread_name_prefix="tidy") as pool:
            outcomes = list(pool.map(attempt, paths))
    drafts = [each for each in outcomes if isinstance(each, _Draft)]
    result = Tidied()
    for each in outcomes:
        if isinstance(each, Tidied):
            result += each
    for each in drafts:
        if each.draft is not None:
            each.draft.replace(packed_path(each.source))
    for folder in sorted({each.source.parent for each in drafts}):
        _sync_folder(folder)
    for each in drafts:
        result += _removed(each)
    return result


def _attempt(path: Path) -> _Draft | Tidied:
    try:
        return _drafted(path)
    except FileNotFoundError:
        return Tidied()  # somebody removed it: there is nothing left to do
    except OSError as error:
        return _problem(path, error)


def _drafted(source: Path) -> _Draft:
    """Write and verify the compressed form of a log, unless one is there that has all of it."""
    state, packed = _state(source), packed_path(source)
    older = packed.exists()
    if older and _ends_with(packed, source):
        return _Draft(source=source, draft=None, state=state)
    if older and _begins_with(source, packed):
        older = False  # it went on growing after it was compressed: it has everything itself
    draft = draft_path(packed)
    try:
        _write(draft, source, packed if older else None)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return _Draft(source=source, draft=draft, state=state)


def _write(draft: Path, source: Path, older: Path | None) -> None:
    with draft.open("wb") as file:
        if older is not None:  # a run that was compressed and then resumed: frames may follow
            with older.open("rb") as before:
                shutil.copyfileobj(before, file)
        compress_into(file, source)
        file.flush()
        os.fsync(file.fileno())
    wanted = chain(chunks(older) if older else (), chunks(source))
    if _digest(chunks(draft)) != _digest(wanted):
        raise OSError(None, "압축한 내용이 원본과 다름", str(source))
    stat = source.stat()
    os.utime(draft, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    shutil.copymode(source, draft)


def _removed(packed: _Draft) -> Tidied:
    try:
        if _state(packed.source) != packed.state:
            raise OSError(None, "압축하는 동안 바뀜", str(packed.source))
        packed.source.unlink()
    except OSError as error:
        return _problem(packed.source, error)
    freed = packed.state[0] - packed_path(packed.source).stat().st_size
    return Tidied(packed_count=1, freed=freed)


def _state(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _ends_with(packed: Path, source: Path) -> bool:
    """Tell whether the last bytes of a compressed file are those of the plain one."""
    size = source.stat().st_size
    skip = sum(len(piece) for piece in chunks(packed)) - size
    return skip >= 0 and _digest(_after(chunks(packed), skip)) == _digest(chunks(source))


def _begins_with(source: Path, packed: Path) -> bool:
    """Tell whether the first bytes of a plain file are those of the compressed one."""
    size = sum(len(piece) for piece in chunks(packed))
    if source.stat().st_size < size:
        return False
    return _digest(_first(chunks(source), size)) == _digest(chunks(packed))


def _after(pieces: Iterable[bytes], skip: int) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[skip:]
        skip = max(skip - len(piece), 0)


def _first(pieces: Iterable[bytes], count: int) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[:count]
        count -= min(count, len(piece))


def _digest(pieces: Iterable[bytes]) -> bytes:
    digest = blake2b()
    for piece in pieces:
        digest.update(piece)
    return digest.digest()


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows cannot open a folder; its rename is durable on its own terms
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _problem(path: Path, error: OSError) -> Tidied:
    return Tidied(problems=(f"{path}: 정리하지 못했습니다 ({os_reason(error)})",))
