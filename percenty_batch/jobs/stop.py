"""How a batch is asked to stop: first no new items, then at once."""

import asyncio


class Stop:
    """Two wishes in order. `draining`: begin nothing new. `at_once`: leave what runs."""

    def __init__(self) -> None:
        self.draining = asyncio.Event()
        self.at_once = asyncio.Event()

    def drain(self) -> None:
        self.draining.set()

    def force(self) -> None:
        self.draining.set()
        self.at_once.set()
