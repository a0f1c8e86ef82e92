"""The processes of a run: known by the temporary folder that their environment names."""

from collections.abc import Iterator
from pathlib import Path

import psutil

_GONE_S = 5.0  # for the kernel to take leave of processes that were killed


def left_behind(temp: Path) -> Iterator[str]:
    """Name the processes that outlive the run whose temporary folder it is, and what is in it."""
    _, alive = psutil.wait_procs(processes_of(temp), timeout=_GONE_S)
    for process in alive:
        yield f"a process is left: {process}"
    for path in temp.iterdir():
        yield f"a temporary file is left: {path.name}"


def end_all(temp: Path) -> None:
    """Kill what is left of a run, by process id."""
    left = processes_of(temp)
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=_GONE_S)


def processes_of(temp: Path) -> list[psutil.Process]:
    """Find every process that runs with this temporary folder, whoever its parent is."""
    return [process for process in psutil.process_iter() if _is_of(process, str(temp))]


def driver_of(run: int) -> psutil.Process:
    """Return the Playwright driver of the run with this process id."""
    return next(p for p in psutil.Process(run).children() if "run-driver" in p.cmdline())


def browser_of(run: int) -> psutil.Process:
    """Return the main process of its browser."""
    children = driver_of(run).children()
    return next(p for p in children if "--remote-debugging-pipe" in p.cmdline())


def _is_of(process: psutil.Process, temp: str) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        # Chromium's helpers write their title over their environment.
        texts = (*process.environ().values(), *process.cmdline())
    except psutil.Error:
        return False  # gone in the meantime
    return any(temp in text for text in texts)
