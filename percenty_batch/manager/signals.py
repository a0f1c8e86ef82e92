"""Ctrl-C and SIGTERM become a wish to stop while a batch runs."""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from percenty_batch.errors import InputError

T = TypeVar("T")

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_with_signals(
    work: Callable[[], Coroutine[Any, Any, T]], on_signal: Callable[[int], None]
) -> T:
    """Run the work in a loop of its own; signals call `on_signal`. Raises InputError in a loop."""
    if _is_in_event_loop():
        raise InputError("이벤트 루프 안에서는 await run_step(...)을 쓰세요")

    async def main() -> T:
        with stopping_on_signals(on_signal):
            return await work()

    return asyncio.run(main())


@contextmanager
def stopping_on_signals(on_signal: Callable[[int], None]) -> Iterator[None]:
    """Call `on_signal` in the running loop for each signal; restore the handlers afterwards.

    Python lets only the main thread listen to signals: in another one, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()

    def handle(number: int, _frame: object) -> None:
        # The only way that a handler of signal.signal may touch the loop; works on Windows too.
        loop.call_soon_threadsafe(on_signal, number)

    previous = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _is_in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
