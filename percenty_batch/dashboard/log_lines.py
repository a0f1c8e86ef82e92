"""The lines of one account's log: the last ones, and those that come."""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from percenty_batch.errors import os_reason
from percenty_batch.logs import Follower, chunks, existing_log, one_line

LINES = 200
_LONGEST = 2000
_WITHIN = 1 << 20
_LEVEL = re.compile(r'^\S+ \S+ - ([A-Z]+) - |^\{"at": "[^"]{1,40}", "level": "([A-Z]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line; `level` is empty where its head cannot be read."""

    level: str
    text: str

    def told(self) -> dict[str, str]:
        return {"level": self.level, "text": self.text}


def log_lines(lines: Iterable[str]) -> list[LogLine]:
    """Make each line one that can be shown."""
    return [_log_line(line) for line in lines]


def last_lines(log: Path) -> tuple[list[LogLine], str | None]:
    """Give the last lines of a plain or compressed log, or why (Korean) there are none. Blocks."""
    path = existing_log(log)
    try:
        lines = Follower(log).last_lines(LINES, _WITHIN) if path == log else _last_of_packed(path)
    except OSError as error:
        return [], os_reason(error)
    if not lines and not path.exists():
        return [], "없음"
    return log_lines(lines), None


def first_lines(follower: Follower) -> list[LogLine]:
    """Begin to follow a log: give its last lines. Raises OSError. Blocking."""
    return log_lines(follower.last_lines(LINES, _WITHIN))


def _last_of_packed(path: Path) -> list[str]:
    end: deque[bytes] = deque(maxlen=2)
    for piece in chunks(path):
        end.append(piece)
    return b"".join(end).decode(errors="backslashreplace").splitlines()[-LINES:]


def _log_line(line: str) -> LogLine:
    match = _LEVEL.match(line)
    cut = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}… (모두 {len(line):,}자)"
    level = (match[1] or match[2]) if match else ""
    return LogLine(level=level.lower(), text=one_line(cut))
