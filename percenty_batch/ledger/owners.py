"""Who holds a lease: the process named so that its death can be told by others in its place."""

import os
import platform
import socket
from pathlib import Path

import psutil

from percenty_batch.ledger.records import Owner

_PROC = Path("/proc")
_HIDDEN = -1.0  # it runs, and since when is not for us to know


def this_process(run_id: str) -> Owner:
    """Describe ourselves. Reads `/proc`: it blocks."""
    pid = os.getpid()
    born = _born(pid)
    if born is None:
        raise RuntimeError("a process that asks runs")
    host = socket.gethostname()
    return Owner(place=_place(host), host=host, pid=pid, born=born, run_id=run_id)


def is_dead(owner: Owner, here: Owner) -> bool:
    """Tell whether `owner` has surely ended: only known of processes in our own place.

    Reads `/proc`: it blocks.
    """
    if owner.place != here.place:
        return False
    born = _born(owner.pid)
    return not _is_hidden(owner.pid) if born is None else born not in (owner.born, _HIDDEN)


def _place(host: str) -> str:
    """Name where a process id is valid: the host, its boot and the PID namespace.

    A container's host name may come again; its namespace and the boot do not.
    """
    if platform.system() != "Linux":
        return host
    boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{host} {boot} {(_PROC / 'self/ns/pid').readlink()}"


def _is_hidden(pid: int) -> bool:
    """Tell whether somebody else's process runs that `/proc` does not show (hidepid)."""
    if platform.system() != "Linux":  # psutil knows them all, and on Windows 0 is Ctrl-C
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return False  # it is ours to signal, hence to see: a zombie


def _born(pid: int) -> float | None:
    """Return when the process was started, None when it does not run (a zombie does not)."""
    if platform.system() == "Linux":
        return _born_after_boot(pid)
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return None
    except psutil.AccessDenied:
        return _HIDDEN


def _born_after_boot(pid: int) -> float | None:
    """Return the start in clock ticks since the boot (proc(5): stat, fields 3 and 22).

    Unlike a wall-clock time it does not move when the host's clock is set.
    """
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in "ZX" else float(fields[18])
