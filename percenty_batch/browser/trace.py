"""Playwright's trace of a session, and the removal of what it tells too much."""

import asyncio
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext

from percenty_batch.browser.temp_folder import make_temp_folder, remove_temp_folder

_MASK = "***"
# The headers that are kept; any other may carry a token.
_PLAIN_HEADER = re.compile(
    r"accept.*|access-control-.*|age|cache-control|connection|content-.*|date|etag|expires|host"
    r"|last-modified|origin|pragma|referer|sec-.*|server|user-agent|vary",
    re.IGNORECASE,
)
# A snapshot is drawn from these; any other body is data, and may hold a token as well.
_DRAWN = frozenset({"font", "image", "stylesheet"})
_SECRET_HEADER = re.compile(r"authorization|auth|token|session|secret|[cx]srf|key", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s;,=\"]{12,}")  # shorter ones are hidden in their own place alone


class TooBigError(Exception):
    """A piece of evidence is bigger than the settings allow."""


class Trace:
    """The trace of one session. Raises Playwright's errors, and is off then; limits no time."""

    def __init__(self, context: BrowserContext) -> None:
        self._tracing = context.tracing
        self.is_on = False

    async def start(self) -> None:
        """Record from now on: pictures, DOM snapshots and requests."""
        await self._tracing.start(screenshots=True, snapshots=True, sources=False)
        self.is_on = True

    async def drop(self) -> None:
        """Forget what was recorded and go on."""
        self.is_on = False
        await self._tracing.stop_chunk()
        await self._tracing.start_chunk()
        self.is_on = True

    async def stop(self) -> None:
        """Forget what was recorded and end."""
        self.is_on = False
        await self._tracing.stop()

    async def save(self, path: Path, mask: Callable[[str], str], limit_bytes: int) -> Path:
        """Write what was recorded, cleaned by `write_cleaned`, and go on."""
        self.is_on = False
        folder = await asyncio.to_thread(make_temp_folder)
        try:
            raw = folder.path / "trace.zip"
            await self._tracing.stop_chunk(path=raw)
            await self._tracing.start_chunk()
            self.is_on = True
            await asyncio.to_thread(write_cleaned, raw, path, mask, limit_bytes)
        finally:
            await asyncio.to_thread(remove_temp_folder, folder)
        return path


def write_cleaned(raw: Path, path: Path, mask: Callable[[str], str], limit_bytes: int) -> None:
    """Copy a trace without its secrets. Raises OSError, TooBigError.

    Left out: cookies, tokens in headers and wherever else those stand, password fields, results
    of scripts, and the bodies of all requests but those that a snapshot is drawn from. Every
    text goes through `mask`. The pictures are what the screen showed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.tmp")
    try:
        with zipfile.ZipFile(raw) as source, zipfile.ZipFile(unfinished, "w", 8) as target:
            for name, data in _cleaned(source, mask):
                target.writestr(name, data)
        if unfinished.stat().st_size > limit_bytes:
            raise TooBigError
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _cleaned(source: zipfile.ZipFile, mask: Callable[[str], str]) -> Iterator[tuple[str, bytes]]:
    names = source.namelist()
    calls = [
        record["snapshot"]
        for name in names
        if name.endswith(".network")
        for record in _records(source.read(name))
        if record.get("type") == "resource-snapshot"
    ]
    drawn = {call["response"]["content"].get("_file") for call in calls if _is_drawn(call)}
    hide = _hider({token for call in calls for token in _tokens(call)}, mask)
    for name in names:
        data = source.read(name)
        if name.endswith((".trace", ".network")):
            lines = (json.dumps(_stripped(record), ensure_ascii=False) for record in _records(data))
            yield name, "".join(f"{hide(line)}\n" for line in lines).encode(errors="replace")
        elif not name.startswith("resources/") or name in drawn:
            yield name, _hidden(data, hide)


def _records(data: bytes) -> Iterator[dict[str, Any]]:
    yield from (json.loads(line) for line in data.splitlines() if line.strip())


def _is_drawn(call: dict[str, Any]) -> bool:
    return call.get("_resourceType") in _DRAWN


def _tokens(call: dict[str, Any]) -> Iterator[str]:
    """The values that let somebody in: they may stand elsewhere, too."""
    for side in (call["request"], call["response"]):
        yield from (cookie["value"] for cookie in side["cookies"] if _TOKEN.search(cookie["value"]))
        for header in side["headers"]:
            if _SECRET_HEADER.search(header["name"]):
                yield from _TOKEN.findall(header["value"])


def _stripped(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Empty what is a secret by its place, in a record or any part of one."""
    match value:
        case [str(tag), {"type": str(kind)} as attributes, *rest] if kind.lower() == "password":
            hidden = {name: _MASK for name in attributes if name.endswith(("value", "value_"))}
            return [tag, attributes | hidden, *rest]
        case dict():
            kept = {key: _stripped(part) for key, part in value.items() if key != "result"}
            return kept | {
                key: _emptied(kept[key]) for key in ("cookies", "headers") if key in kept
            }
        case list():
            return [_stripped(part) for part in value]
    return value


def _emptied(fields: Any) -> Any:  # noqa: ANN401 - any JSON
    """Empty the cookies, or the headers of which we do not know that they are no secret."""
    match fields:
        case [{"name": str(), "value": str()}, *_]:
            return [
                field if _PLAIN_HEADER.fullmatch(field["name"]) else field | {"value": _MASK}
                for field in fields
            ]
    return fields


def _hidden(data: bytes, hide: Callable[[str], str]) -> bytes:
    try:
        text = data.decode()
    except UnicodeDecodeError:  # a picture or a font
        return data
    return hide(text).encode()


def _hider(tokens: Iterable[str], mask: Callable[[str], str]) -> Callable[[str], str]:
    longest_first = sorted(tokens, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
    return lambda text: mask(pattern.sub(_MASK, text))
