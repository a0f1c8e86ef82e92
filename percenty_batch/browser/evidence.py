"""What is kept of a failure, to be looked at later: screenshot, HTML, last actions, trace."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any, Protocol, TypeVar

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser.failures import first_line
from percenty_batch.browser.session import Session
from percenty_batch.browser.trace import TooBigError, Trace
from percenty_batch.errors import os_reason
from percenty_batch.settings import EvidenceSettings

_T = TypeVar("_T")

_MB = 1_000_000
_LONGEST_SECRET = 4096  # characters: where a text was cut, half a secret may stand at its end
_SHORTEST_INSIDE = 4  # as in the logs: a shorter secret inside a longer text is chance
_NO_NAME = re.compile(r"[^\w-]")

# The copy belongs to a document of its own: there nothing is loaded and no script runs.
_HTML = """([password, limit]) => {
    const copy = document.implementation.createHTMLDocument('')
        .importNode(document.documentElement, true);
    for (const field of copy.querySelectorAll(password)) field.setAttribute('value', '***');
    return copy.outerHTML.slice(0, limit);
}"""
_PASSWORD = "input[type=password i]"  # noqa: S105 - a selector


class Witness(Protocol):
    """Who knows what was last done on the page, one line each, oldest first."""

    def last_actions(self) -> tuple[str, ...]: ...

    def failed_calls(self) -> tuple[str, ...]: ...


class EvidenceFolder:
    """Where one account's evidence of a run goes: its files' names, and how many there may be.

    Every text goes through `mask`. Paths are told as they are seen from `root`. `password` is
    the account's: a screenshot covers whatever shows it. `has_room` and `has_room_for_traces`
    tell whether the disk can take more; they count each refusal as a loss.
    """

    def __init__(
        self,
        folder: Path,
        *,
        root: Path,
        settings: EvidenceSettings,
        log: FilteringBoundLogger,
        mask: Callable[[str], str],
        password: str,
        has_room: Callable[[], bool] = lambda: True,
        has_room_for_traces: Callable[[], bool] = lambda: True,
    ) -> None:
        self.settings = settings
        self._has_room = has_room
        self._has_room_for_traces = has_room_for_traces
        self.log = log
        self.mask = mask
        self.password = password
        self._folder = folder
        self._told = folder.relative_to(root)
        self._stems: set[str] = set()
        self._omitted = 0

    @property
    def limit_bytes(self) -> int:
        return self.settings.max_file_mb * _MB

    def claim(self, name: str) -> str | None:
        """Give the stem for one more failure's files; None when none are to be written.

        What another step or an earlier start of the run has left there is kept. Reads the folder:
        it blocks.
        """
        if not self.settings.should_take:
            return None
        if len(self._stems) >= self.settings.max_per_job:
            self._omitted += 1
            return None
        if not self._has_room():
            return None
        first = _NO_NAME.sub("_", name)[:80]
        others = (f"{first}_{number}" for number in count(2))
        stem = next(each for each in chain([first], others) if not self._is_taken(each))
        self._stems.add(stem)
        return stem

    def _is_taken(self, stem: str) -> bool:
        try:
            return stem in self._stems or any(self._folder.glob(f"{stem}.*"))
        except OSError:  # a failing disk is told by the writing
            return False

    def is_tracing(self) -> bool:
        """Whether a trace is wanted and has room."""
        is_wanted = self.settings.should_take and self.settings.should_trace
        return is_wanted and self._has_room_for_traces()

    def tell_omitted(self) -> None:
        """Log how many failures were left without evidence, if there are any."""
        if self._omitted:
            most = self.settings.max_per_job
            self.log.info(f"증거를 남기지 않은 실패: {self._omitted}건 (계정당 최대 {most}건)")

    def path(self, file_name: str) -> Path:
        return self._folder / file_name

    def told(self, path: Path) -> str:
        return (self._told / path.name).as_posix()


class EvidenceTaker:
    """Takes the evidence of failures in one session. Nothing here raises into the work.

    Each piece has `settings.timeout_s`, all at once: a page that hangs, a page that crashed or a
    dead browser costs that time at most. Its closing waits for none of them.
    """

    def __init__(self, session: Session, witness: Witness, folder: EvidenceFolder) -> None:
        self._page = session.page
        self._witness = witness
        self._folder = folder
        self._limit_s = folder.settings.timeout_s
        self._trace = Trace(session.context)

    async def start_trace(self) -> None:
        """Begin a trace, if one is wanted. Only after the sign-in: it keeps what is typed."""
        if self._folder.is_tracing():
            await self._steer("시작", self._trace.start())

    async def forget(self) -> None:
        """Drop what the trace has recorded so far: that work went well."""
        if self._trace.is_on:
            await self._steer("정리", self._trace.drop())

    async def stop_trace(self) -> None:
        """End the trace and drop it: before a password is typed again, and after a success."""
        if self._trace.is_on:
            await self._steer("종료", self._trace.stop())

    async def take(self, name: str) -> tuple[str, ...]:
        """Write what can be taken now; returns the files, by their paths from the root."""
        stem = await asyncio.to_thread(self._folder.claim, name)
        if stem is None:
            return ()
        pieces = [
            self._piece("화면", self._screenshot(self._folder.path(f"{stem}.png"))),
            self._piece("HTML", self._html(self._folder.path(f"{stem}.html"))),
            self._piece("설명", self._text(self._folder.path(f"{stem}.txt"))),
        ]
        if self._trace.is_on:
            saving = self._save_trace(self._folder.path(f"{stem}_trace.zip"))
            pieces.append(self._piece("trace", saving))
        taken = await asyncio.gather(*pieces)
        await self._tell_missing(stem, *taken)
        return tuple(self._folder.told(path) for path in taken if isinstance(path, Path))

    async def _steer(self, doing: str, work: Coroutine[Any, Any, None]) -> None:
        await self._tell_missing("trace", await self._piece(doing, self._in_time(work)))

    async def _piece(self, label: str, work: Coroutine[Any, Any, _T]) -> _T | str:
        """Do it, or return why it could not be done."""
        try:
            return await work
        except Exception as error:  # noqa: BLE001 - a fence: a failure is not made worse by this
            return f"{label}({self._reason(error)})"

    def _reason(self, error: Exception) -> str:
        match error:
            case TimeoutError() | PlaywrightTimeoutError():
                return f"{self._limit_s:g}초 안에 끝나지 않음"
            case OSError():
                return os_reason(error)
            case TooBigError():
                return f"{self._folder.settings.max_file_mb}MB를 넘음"
        return first_line(error)

    async def _tell_missing(self, name: str, *pieces: object) -> None:
        if missing := [piece for piece in pieces if isinstance(piece, str)]:
            self._folder.log.warning(f"증거를 남기지 못했습니다: {name} - {', '.join(missing)}")

    async def _screenshot(self, path: Path) -> Path:
        image = await self._in_time(
            self._page.screenshot(mask=self._covered(), timeout=self._limit_s * 1000)
        )
        if len(image) > self._folder.limit_bytes:
            raise TooBigError
        return await self._write(path, lambda: image)

    def _covered(self) -> list[Locator]:
        """What a screenshot must not show: password fields, and texts with the password."""
        password = self._folder.password
        covered = [frame.locator(_PASSWORD) for frame in self._page.frames]
        if password:
            is_exact = len(password) < _SHORTEST_INSIDE
            covered += [f.get_by_text(password, exact=is_exact) for f in self._page.frames]
        return covered

    async def _html(self, path: Path) -> Path:
        limits = [_PASSWORD, self._folder.limit_bytes]
        html = await self._in_time(self._page.evaluate(_HTML, limits))
        return await self._write(path, lambda: self._safe(html))

    async def _text(self, path: Path) -> Path:
        title = await self._piece("읽지 못함", self._in_time(self._page.title()))
        text = _description(self._page.url, title, self._witness)
        return await self._write(path, lambda: self._safe(text))

    def _safe(self, text: str) -> bytes:
        """Mask, then cut to the limit: half a secret would not be recognised."""
        limit = self._folder.limit_bytes
        masked = self._folder.mask(text)
        if len(text) >= limit:  # cut already, maybe within a secret
            masked = masked[:-_LONGEST_SECRET]
        return masked.encode(errors="replace")[:limit].decode(errors="ignore").encode()

    async def _save_trace(self, path: Path) -> Path:
        limit = self._folder.limit_bytes
        return await self._in_time(self._trace.save(path, self._folder.mask, limit))

    async def _write(self, path: Path, content: Callable[[], bytes]) -> Path:
        await self._in_time(asyncio.to_thread(_write, path, content))
        return path

    async def _in_time(self, work: Awaitable[_T]) -> _T:
        async with asyncio.timeout(self._limit_s):
            return await work


def _description(url: str, title: str, witness: Witness) -> str:
    lines = [
        f"시각: {datetime.now().astimezone():%Y-%m-%d %H:%M:%S%z}",
        f"주소: {url}",
        f"제목: {title}",
        "",
        "마지막 동작:",
        *witness.last_actions(),
        "",
        "실패한 호출:",
        *witness.failed_calls(),
        "",
    ]
    return "\n".join(lines)


def _write(path: Path, content: Callable[[], bytes]) -> None:
    """Write the file in one piece, with the mode of every other log. Raises OSError."""
    data = content()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.tmp")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
