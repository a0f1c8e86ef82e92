"""One file searched: blocks of whole lines, and only the matching ones ever decoded."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from percenty_batch.logs.packing import chunks
from percenty_batch.logs.search.query import LEVELS, Matcher, SearchQuery
from percenty_batch.logs.tree import FileKind, StoredFile

_TEXT_HEAD = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(?P<ms>\d{3}) - (?P<level>[A-Z]+) - "
    r"(?:\[(?P<account>[^\]]*)\] )?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One line: the file (in the log folder), its number from 1, and what its head tells.

    `before` and `after` are the lines around it, as many as were asked for.
    """

    path: str
    stamp: str
    kind: FileKind
    line: int
    text: str
    at: datetime | None = None
    level: str | None = None
    account: str | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def scan(root: Path, file: StoredFile, matcher: Matcher, query: SearchQuery) -> list[Hit]:
    """Find the lines of one file that are wanted. Raises OSError where it cannot be read."""
    hits = []
    path, number = root / file.path, 1
    previous, reached = b"", 0
    for block in blocks(path):
        number += previous.count(b"\n", reached)  # not before: most files are one block
        previous, reached = block, 0
        for begin, end in matcher.lines(block):
            number += block.count(b"\n", reached, begin)
            reached = begin
            hit = _hit(file, number, block[begin:end])
            if _is_wanted(hit, query):
                hits.append(hit)
    return _with_context(path, hits, query.context) if hits and query.context else hits


def blocks(path: Path) -> Iterator[bytes]:
    """Read a file in blocks that end with a line; the last one may lack the end of its line."""
    rest: list[bytes] = []
    for piece in chunks(path):
        end = piece.rfind(b"\n") + 1
        if end:
            yield b"".join([*rest, piece[:end]]) if rest else piece[:end]
            rest = []
        if end < len(piece):
            rest.append(piece[end:])
    if rest:
        yield b"".join(rest)


def _hit(file: StoredFile, number: int, line: bytes) -> Hit:
    text = _decoded(line)
    hit = Hit(path=file.path, stamp=file.stamp, kind=file.kind, line=number, text=text)
    if text.startswith("{"):
        return _told_by_json(hit)
    head = _TEXT_HEAD.match(text)
    if head is None:
        return hit
    at = datetime.fromisoformat(f"{head['at']}.{head['ms']}").astimezone()
    return replace(hit, at=at, level=head["level"], account=head["account"])


def _told_by_json(hit: Hit) -> Hit:
    try:
        told = json.loads(hit.text)
        at = datetime.fromisoformat(told["at"])
        level, account = str(told["level"]), told.get("account")
    except (ValueError, TypeError, KeyError):
        return hit
    return replace(hit, at=at.astimezone(), level=level, account=account)


def _is_wanted(hit: Hit, query: SearchQuery) -> bool:
    """A line whose head cannot be read, such as half a line, is never left out by it."""
    if query.level and hit.level in LEVELS and LEVELS.index(hit.level) < LEVELS.index(query.level):
        return False
    if query.since and hit.at and hit.at < query.since:
        return False
    is_shared = hit.kind is FileKind.BATCH
    return not (is_shared and query.account is not None and hit.account != query.account)


def _with_context(path: Path, hits: list[Hit], count: int) -> list[Hit]:
    """Read the file again for the lines around the hits."""
    wanted = {n for hit in hits for n in range(hit.line - count, hit.line + count + 1)}
    lines = dict(_numbered(path, wanted))

    def told(numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(lines[n] for n in numbers if n in lines)

    return [
        replace(
            hit,
            before=told(range(hit.line - count, hit.line)),
            after=told(range(hit.line + 1, hit.line + count + 1)),
        )
        for hit in hits
    ]


def _numbered(path: Path, wanted: set[int]) -> Iterator[tuple[int, str]]:
    number, last = 0, max(wanted)
    for block in blocks(path):
        for line in block.removesuffix(b"\n").split(b"\n"):
            number += 1
            if number in wanted:
                yield number, _decoded(line)
        if number >= last:
            return


def _decoded(line: bytes) -> str:
    return line.decode(errors="backslashreplace")
