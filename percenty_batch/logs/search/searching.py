"""All runs searched, on every core; the answers come in the order of runs, files and lines."""

import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from percenty_batch.errors import os_reason
from percenty_batch.logs.file_names import file_stem
from percenty_batch.logs.packing import PACKED
from percenty_batch.logs.search.query import Matcher, SearchQuery, matcher_of
from percenty_batch.logs.search.scanning import Hit, scan
from percenty_batch.logs.tree import FileKind, StoredFile, stored_files

_KINDS = (FileKind.LOG, FileKind.ERRORS, FileKind.BATCH)
_TASK_FILES, _TASK_BYTES = 128, 8 << 20
_ALONE_BYTES = 4 << 20  # less is read sooner than processes are started
_AHEAD = 4  # tasks for each core that are begun before their answers are asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file, or the whole folder, that could not be read (to its end); `why` is Korean."""

    path: str
    why: str


Found = Hit | Unreadable


def search_logs(
    root: Path, query: SearchQuery, *, has_copies: bool = False, workers: int | None = None
) -> Iterator[Found]:
    """Yield the lines that match, run by run from the oldest on: accounts, errors, batch log.

    The same line stands in up to three files of a run; it is told once, from the first of them,
    unless the search `has_copies`. Close the iterator to stop the search.
    """
    try:
        files = _files(root, query)
    except OSError as error:
        yield Unreadable(path=str(error.filename or root), why=os_reason(error))
        return
    found = _scanned(root, query, files, workers or _cores())
    yield from found if has_copies else _once(found)


def _files(root: Path, query: SearchQuery) -> list[StoredFile]:
    stem = None if query.account is None else file_stem(query.account)
    files = (
        file
        for file in stored_files(root, frozenset(_KINDS))
        if file.kind in _KINDS and _is_searched(file, query, stem)
    )
    return sorted(files, key=_order)


def _is_searched(file: StoredFile, query: SearchQuery, stem: str | None) -> bool:
    if query.run is not None and file.stamp != query.run:
        return False
    if query.since is not None and file.modified_ns < query.since.timestamp() * 1_000_000_000:
        return False
    return stem is None or file.stem in (None, stem)


def _order(file: StoredFile) -> tuple[str, int, str, bool]:
    """A log that went on after its compression comes behind the compressed part."""
    name = file.path.removesuffix(PACKED)
    return file.stamp, _KINDS.index(file.kind), name, not file.is_packed


def _scanned(
    root: Path, query: SearchQuery, files: Sequence[StoredFile], workers: int
) -> Iterator[Found]:
    if workers == 1 or sum(file.size for file in files) < _ALONE_BYTES:
        for file in files:
            yield from _scan_all(root, query, [file])
        return
    pool = ProcessPoolExecutor(workers, mp_context=_context(), initializer=_ignore_interrupts)
    try:
        running: deque[Future[list[Found]]] = deque()
        for task in _tasks(files):
            running.append(pool.submit(_scan_all, root, query, task))
            if len(running) > workers * _AHEAD:
                yield from running.popleft().result()
        while running:
            yield from running.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _scan_all(root: Path, query: SearchQuery, files: Iterable[StoredFile]) -> list[Found]:
    matcher, found = _matcher(query), list[Found]()
    for file in files:
        try:
            found += scan(root, file, matcher, query)
        except FileNotFoundError:  # a tidy has compressed or deleted it since
            if not file.is_packed:
                packed = replace(file, path=file.path + PACKED)
                found += _scan_all(root, query, [packed])
        except OSError as error:
            found.append(Unreadable(path=file.path, why=os_reason(error)))
    return found


def _tasks(files: Iterable[StoredFile]) -> Iterator[list[StoredFile]]:
    task: list[StoredFile] = []
    size = 0
    for file in files:
        task.append(file)
        size += file.size
        if len(task) >= _TASK_FILES or size >= _TASK_BYTES:
            yield task
            task, size = [], 0
    if task:
        yield task


@lru_cache(maxsize=1)
def _matcher(query: SearchQuery) -> Matcher:
    return matcher_of(query)


def _once(found: Iterable[Found]) -> Iterator[Found]:
    """Leave out a line that a file of the same run, told before, has as often."""
    stamp, counts = "", dict[FileKind, Counter[str]]()
    for each in found:
        if isinstance(each, Hit):
            if each.stamp != stamp:
                stamp, counts = each.stamp, {kind: Counter() for kind in _KINDS}
            own = counts[each.kind]
            own[each.text] += 1
            earlier = (counts[kind] for kind in _KINDS[: _KINDS.index(each.kind)])
            if any(own[each.text] <= count[each.text] for count in earlier):
                continue
        yield each


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _context() -> multiprocessing.context.BaseContext:
    """Fork where nothing can go wrong with it; elsewhere start the workers anew."""
    can_fork = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    return multiprocessing.get_context("fork" if can_fork else "spawn")


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
