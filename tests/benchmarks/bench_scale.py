"""Measure one large batch: wall time, memory, open files, contexts left open.

    python tests/benchmarks/bench_scale.py [--accounts 100] [--products 3] [--concurrency 8]

The site runs in a process of its own, so that our process is ours alone. Memory is resident: of
our process, and summed over driver and browser (pages that its processes share count for each).
"""

import argparse
import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self
from unittest.mock import patch

import psutil

from percenty_batch import Account, BatchManager, BatchResult, Settings
from percenty_batch.browser import Launcher
from percenty_batch.manager import round_work
from percenty_batch.sandbox import SandboxAccount, SandboxSite, Shape
from percenty_batch.settings import JobSettings, LogSettings, StateSettings

_SAMPLE_EVERY_S = 0.25
_MB = 1_000_000


class Peaks:
    """Samples our process and its children, in a thread of its own."""

    def __init__(self, not_ours: int) -> None:
        self.own_rss = self.tree_rss = self.open_files = self.processes = 0
        self._not_ours = not_ours
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="peaks")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._over.wait(_SAMPLE_EVERY_S):
            children = [p for p in own.children(recursive=True) if p.pid != self._not_ours]
            self.own_rss = max(self.own_rss, own.memory_info().rss)
            self.tree_rss = max(self.tree_rss, sum(map(_rss, children)))
            self.processes = max(self.processes, len(children))
            self.open_files = max(self.open_files, _open_files(own))


def _rss(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return process.memory_info().rss
    return 0  # it has ended since it was listed


def _open_files(process: psutil.Process) -> int:
    if sys.platform == "win32":
        return process.num_handles()
    return process.num_fds()


class CountingLauncher(Launcher):
    """Counts the contexts that are still open when the batch closes its browser."""

    left_open = -1

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        CountingLauncher.left_open = await self.open_contexts()
        await super().__aexit__(kind, error, traceback)


def samples(accounts: int, products: int) -> list[SandboxAccount]:
    return [
        SandboxAccount(
            id=f"user{number:03d}@example.com",
            password=f"bench-{number}!pw",
            shapes=(Shape(),) * products,
        )
        for number in range(1, accounts + 1)
    ]


def _serve(end: Connection, accounts: int, products: int, latency_ms: float) -> None:
    with SandboxSite(accounts=samples(accounts, products), latency_ms=latency_ms) as site:
        end.send(site.url)
        end.recv()
        end.send(sum(change.what == "group" for change in site.record))


@contextmanager
def serving(options: argparse.Namespace) -> Iterator[tuple[Connection, int]]:
    """Serve in a child process; its connection gives the address, then the moves for a word."""
    ours, theirs = multiprocessing.Pipe()
    arguments = (theirs, options.accounts, options.products, options.latency_ms)
    child = multiprocessing.get_context("spawn").Process(target=_serve, args=arguments)
    child.start()
    theirs.close()
    try:
        yield ours, child.pid or 0
    finally:
        child.join()


def run(options: argparse.Namespace, url: str, folder: Path) -> BatchResult:
    settings = Settings.model_validate(
        {
            "site": {"base_url": url},
            "jobs": JobSettings(concurrency=options.concurrency),
            "logs": LogSettings(folder=folder / "logs"),
            "state": StateSettings(folder=folder),
        }
    )
    accounts = [
        Account(id=each.id, password=each.password)
        for each in samples(options.accounts, options.products)
    ]
    manager = BatchManager(settings=settings, accounts=accounts)
    with patch.object(round_work, "Launcher", CountingLauncher):
        return manager.run_single_step(step=1, quantity=options.products)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--accounts", type=int, default=100)
    parser.add_argument("--products", type=int, default=3, help="per account")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--latency-ms", type=float, default=120.0, help="mean, per call")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(options) as (site, pid):
        url = site.recv()
        started = time.perf_counter()
        with Peaks(not_ours=pid) as peaks:
            result = run(options, url, Path(folder))
        seconds = time.perf_counter() - started
        site.send("over")
        moved = site.recv()
    totals = result.totals
    say(
        f"{options.accounts} accounts x {options.products} products,"
        f" {options.concurrency} at once: {result.verdict}"
    )
    say(f"wall time                {seconds:10.1f} s")
    say(f"products done            {totals.done:10d} of {totals.requested}; site: {moved}")
    say(f"peak memory, our process {peaks.own_rss / _MB:10.0f} MB")
    say(
        f"peak memory, browser     {peaks.tree_rss / _MB:10.0f} MB"
        f" in up to {peaks.processes} processes"
    )
    say(f"most open files, ours    {peaks.open_files:10d}")
    say(f"contexts left open       {CountingLauncher.left_open:10d}")


if __name__ == "__main__":
    main()
