"""Words found in the logs, by `percenty-batch logs search`: on every core, and killed in time."""

import asyncio
import json
import os
import re
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from percenty_batch.dashboard.account_view import file_href
from percenty_batch.dashboard.commands import OwnCommand
from percenty_batch.dashboard.log_lines import LogLine, log_lines

MOST_HITS = 300
_TIMEOUT_S = 60.0
_AT_ONCE = 2
_LONGEST_LINE = 16 << 20
_LONGEST_FRAGMENT = 300
_TIME_LENGTH = len("2024-12-01 14:30:52,123")
_WORD = re.compile(r'"([^"]+)"|(\S+)')
LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form asks for; texts as they were typed."""

    words: str = ""
    account: str = ""
    level: str = ""
    since: str = ""
    run: str = ""
    is_regex: bool = False

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Asked":
        level = fields.get("level", "")
        return cls(
            words=fields.get("words", "").strip(),
            account=fields.get("account", "").strip(),
            level=level if level in LEVELS else "",
            since=fields.get("since", "").strip(),
            run=fields.get("run", "").strip(),
            is_regex="regex" in fields,
        )

    def args(self) -> list[str]:
        """Write it as arguments; no word is taken for an option."""
        options = {
            "account": self.account,
            "level": self.level,
            "since": self.since,
            "run": self.run,
        }
        given = [f"--{name}={value}" for name, value in options.items() if value]
        regex = ["--regex"] if self.is_regex else []
        return ["--json", *given, *regex, "--", *self._words()]

    def _words(self) -> list[str]:
        """Blanks part words, unless they stand in quotes or in an expression."""
        if self.is_regex:
            return [self.words]
        return [quoted or word for quoted, word in _WORD.findall(self.words)]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRow:
    """One line that was found."""

    href: Markup
    path: str
    number: int
    line: LogLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search has found. `problems` are Korean: what could not be read, or asked for."""

    hits: tuple[HitRow, ...] = ()
    is_cut: bool = False
    problems: tuple[str, ...] = ()


class Search:
    """Searches, a few at once; the others wait."""

    def __init__(self, command: OwnCommand) -> None:
        self._command = command
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def find(self, asked: Asked) -> Found:
        async with self._slots:
            process = await asyncio.create_subprocess_exec(
                *self._command.search(*asked.args()),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                limit=_LONGEST_LINE,
                start_new_session=True,
            )
            hits: list[HitRow] = []
            problems: list[str] = []
            try:
                async with asyncio.timeout(_TIMEOUT_S):
                    async with asyncio.TaskGroup() as group:
                        group.create_task(_read_problems(process, problems), name="problems")
                        is_cut = await _read_hits(process, hits)
                        if is_cut:
                            _kill(process)
            except TimeoutError:
                is_cut = True
                problems.append(f"{_TIMEOUT_S:g}초 안에 끝나지 않아 멈췄습니다")
            finally:
                _kill(process)
                await process.wait()
        return Found(hits=tuple(hits), is_cut=is_cut, problems=tuple(problems[:20]))


async def _read_hits(process: Process, hits: list[HitRow]) -> bool:
    """Read what is found; True when there is more than is shown."""
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    while True:
        try:
            line = await process.stdout.readline()
        except ValueError:  # longer than any line that can be shown
            continue
        if not line:
            return False
        if len(hits) == MOST_HITS:
            return True
        with suppress(ValueError, KeyError):
            hits.append(_hit(json.loads(line)))


async def _read_problems(process: Process, problems: list[str]) -> None:
    assert process.stderr is not None  # noqa: S101 - a pipe was asked for
    text = (await process.stderr.read()).decode(errors="replace")
    problems += [line.removeprefix("오류: ") for line in text.splitlines() if line.strip()]


def _hit(told: Mapping[str, Any]) -> HitRow:
    text, path = str(told["text"]), str(told["path"])
    (line,) = log_lines([text])
    href = file_href(path) + Markup(_fragment(text))  # noqa: S704 - quoted
    return HitRow(href=href, path=path, number=int(told["line"]), line=line)


def _fragment(text: str) -> str:
    """Have the browser show the line: a text fragment, in which `-` and `,` mean something.

    Of a long line the time alone; it has to end with a word.
    """
    shown = text if len(text) <= _LONGEST_FRAGMENT else text[:_TIME_LENGTH]
    return f"#:~:text={quote(shown, safe='', errors='replace').replace('-', '%2D')}"


def _kill(process: Process) -> None:
    """End the search with all its workers."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
