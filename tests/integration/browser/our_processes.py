"""What runs below this test: drivers, browsers and their helpers."""

import asyncio
import signal
from collections.abc import Callable, Iterable

import psutil

Victims = Callable[[], list[psutil.Process]]


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def started() -> list[psutil.Process]:
    """All but what other tests keep for the whole run: the ledger's database server, and the
    resource tracker that Python starts beside the first pool of processes and never ends.
    """
    ours = psutil.Process().children(recursive=True)
    return [p for p in ours if is_alive(p) and p.name() != "postgres" and not _is_tracker(p)]


def _is_tracker(process: psutil.Process) -> bool:
    return any("multiprocessing.resource_tracker" in word for word in process.cmdline())


def drivers() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if is_alive(p) and "run-driver" in p.cmdline()]


def browsers() -> list[psutil.Process]:
    """All processes below the drivers."""
    ours = drivers()
    return [p for p in started() if p not in ours]


def send(number: signal.Signals, processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


async def gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that still live after a fair wait."""
    _, alive = await asyncio.to_thread(psutil.wait_procs, processes, timeout=10)
    return [process for process in alive if is_alive(process)]
