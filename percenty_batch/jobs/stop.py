"""How a batch is asked to stop: first no new items, then at once; and why."""

import asyncio

from percenty_batch.models import StopReason


class Stop:
    """Two wishes in order. `draining`: begin nothing new. `at_once`: leave what runs.

    The first reason given is the one that counts.
    """

    def __init__(self) -> None:
        self.draining = asyncio.Event()
        self.at_once = asyncio.Event()
        self.reason = StopReason.CANCELLED

    def drain(self, reason: StopReason = StopReason.CANCELLED) -> None:
        if not self.draining.is_set():
            self.reason = reason
        self.draining.set()

    def force(self) -> None:
        self.drain()
        self.at_once.set()
