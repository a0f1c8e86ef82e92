"""Our own child processes, found and ended by their ids."""

from collections.abc import Iterable

import psutil


def drivers() -> list[psutil.Process]:
    """Return the Playwright drivers that this process has started. Reads `/proc`: it blocks."""
    found = []
    for child in psutil.Process().children():
        try:
            if "run-driver" in child.cmdline():
                found.append(child)
        except psutil.Error:
            continue  # gone in the meantime
    return found


def family(roots: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Return `roots` and everything below them. Reads `/proc`: it blocks."""
    members: list[psutil.Process] = []
    for root in roots:
        members.append(root)
        try:
            members += root.children(recursive=True)
        except psutil.Error:
            continue  # gone in the meantime
    return members


def kill(processes: Iterable[psutil.Process]) -> int:
    """Kill those that still run and return their number. An id used anew is not touched."""
    killed = 0
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                process.kill()
                killed += 1
        except psutil.Error:
            continue  # gone in the meantime
    return killed
