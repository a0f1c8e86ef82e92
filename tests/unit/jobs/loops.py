"""An event loop for tests of waiting: nobody waits, and a blocking call fails the test."""

import asyncio
import selectors
from collections.abc import Callable, Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx


class _Clock(selectors.DefaultSelector):
    """Instead of waiting for a timer, moves the time to it."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = super().select(0)
        if not events and timeout is None:
            raise RuntimeError("everybody waits and nothing will ever happen")
        if not events:
            self.now += timeout or 0.0
        return events


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Runs through hours of timers at once. Not for code that uses threads."""

    def __init__(self) -> None:
        self._clock = _Clock()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual time": VirtualTimeLoop}


@pytest.fixture(autouse=True)
def no_blocking_calls() -> Iterator[BlockBuster]:
    with blockbuster_ctx("percenty_batch") as blockbuster:
        # A log line is written at once, on purpose: it survives whatever comes next.
        allow = {"os.write": "append", "os.stat": "append", "os.path.abspath": "append"}
        for blocking, function in allow.items():
            blockbuster.functions[blocking].can_block_in("percenty_batch/logs/files.py", function)
        # The ledger's twin in memory looks for a dead owner at once: it has no threads.
        for blocking in ("io.TextIOWrapper.read", "io.BufferedReader.read", "os.stat"):
            blockbuster.functions[blocking].can_block_in(
                "percenty_batch/ledger/memory.py", "acquire"
            )
        yield blockbuster
