"""Ctrl-C and SIGTERM become a wish to stop while a batch runs."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


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
