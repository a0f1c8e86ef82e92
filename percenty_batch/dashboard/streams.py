"""Server-sent events: how one is written, and a stream of them that ends with the server.

The format is that of the HTML standard, section 9.2.5: no field may hold the end of a line.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress

from starlette.responses import StreamingResponse

Event = tuple[str, object]  # its name, and a value for JSON

_MOST_STREAMS = 64


def encoded(event: Event) -> bytes:
    """Write an event. JSON in ASCII has no end of a line in it."""
    name, value = event
    return f"event: {name}\ndata: {json.dumps(value, ensure_ascii=True)}\n\n".encode("ascii")


class Streams:
    """The streams that are open. Each ends when its reader goes, or `stopping` is set."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.open_count = 0

    @property
    def are_too_many(self) -> bool:
        return self.open_count >= _MOST_STREAMS

    def response(self, events: AsyncGenerator[Event]) -> StreamingResponse:
        return StreamingResponse(
            self._written(events),
            media_type="text/event-stream",
            headers={"x-accel-buffering": "no"},  # a proxy is not to hold events back
        )

    async def wait(self, seconds: float) -> bool:
        """Wait; False when the server is to stop meanwhile."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        return not self.stopping.is_set()

    async def _written(self, events: AsyncGenerator[Event]) -> AsyncIterator[bytes]:
        self.open_count += 1
        try:
            yield b"retry: 3000\n\n"
            async with aclosing(events):
                async for event in events:
                    yield encoded(event)
        finally:
            self.open_count -= 1
