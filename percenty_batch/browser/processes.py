"""Our own child processes, found, measured and ended by their ids."""

from collections.abc import Iterable

import psutil

_MIB = 1024 * 1024


class Tree:
    """One driver and everything below it. Its methods read `/proc`: they block."""

    def __init__(self) -> None:
        self._others: list[psutil.Process] | None = None
        self._known: list[psutil.Process] = []

    def expect(self) -> None:
        """Take the driver that is started next for ours. One start at a time."""
        self._others = drivers()

    def settle(self) -> None:
        """Remember what runs now: a dead driver no longer leads to its browser."""
        self._known = self.members()

    def members(self) -> list[psutil.Process]:
        """Return the driver and all below it, also what was and still is below a dead one."""
        if self._known:
            return family(self._known)
        if self._others is None:
            return []
        return family(driver for driver in drivers() if driver not in self._others)

    def kill(self) -> int:
        """Kill all and return the number of those that still ran. Stopped ones die as well."""
        return kill(self.members())

    def memory_mb(self) -> float:
        """Return the resident memory of all, in MiB; what they share counts for each."""
        return sum(map(_resident_bytes, self.members())) / _MIB


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
    """Return `roots` and everything below them, each once. Reads `/proc`: it blocks."""
    members: dict[psutil.Process, None] = {}
    for root in roots:
        if root in members:
            continue  # with all below it
        members[root] = None
        try:
            members |= dict.fromkeys(root.children(recursive=True))
        except psutil.Error:
            continue  # gone in the meantime
    return list(members)


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


def _resident_bytes(process: psutil.Process) -> int:
    try:
        resident: int = process.memory_info().rss
    except psutil.Error:
        return 0  # gone in the meantime
    return resident
