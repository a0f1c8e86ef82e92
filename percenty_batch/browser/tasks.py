"""Work that a cancellation must not break in the middle."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def finish(coroutine: Coroutine[Any, Any, None], *, name: str) -> None:
    """Run `coroutine` to its end; a cancellation that comes meanwhile is raised afterwards.

    For clean-up that limits its own time, since nothing from outside shortens it.
    """
    task = asyncio.create_task(coroutine, name=name)
    interruption: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            interruption = error
    task.result()
    if interruption is not None:
        raise interruption
