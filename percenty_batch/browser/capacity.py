"""How many accounts this machine, or this container, can carry at once."""

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

from percenty_batch.browser.cgroups import cgroup_limits

# Measured: see containers.md of the design (Chromium 156, headless shell).
_MIB = 1024 * 1024
_OURS_BYTES = 100 * _MIB
_IDLE_BROWSER_BYTES = 229 * _MIB
_CONTEXT_BYTES = 96 * _MIB
_IDLE_PIDS = 80  # threads of Python, the driver and an idle browser
_CONTEXT_PIDS = 29  # 2 processes and 27 threads
_CONTEXTS_PER_CPU = 4  # an account mostly waits for the site
_MOST = 16

_CGROUP_ROOT = Path("/sys/fs/cgroup")
_CGROUP_OF_SELF = Path("/proc/self/cgroup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What limits us. None: no limit known."""

    cpu_count: float
    free_memory_bytes: int
    memory_limit_bytes: int | None = None
    pids_limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """A number of accounts at once, and what it follows from, in Korean."""

    count: int
    reason: str

    def __str__(self) -> str:
        return f"동시 계정 수 {self.count} ({self.reason})"


def suggested_concurrency() -> Capacity:
    """Read the limits of machine and cgroup, and derive the number. Reads files: it blocks."""
    return capacity(_read())


def capacity(readings: Readings) -> Capacity:
    """Derive the number from `readings`: the tightest limit decides; never less than 1."""
    options = [
        Capacity(count=_MOST, reason=f"기본 최대 {_MOST}"),
        Capacity(
            count=int(readings.cpu_count * _CONTEXTS_PER_CPU),
            reason=f"CPU {readings.cpu_count:g}개",
        ),
        Capacity(
            count=_by_memory(readings.free_memory_bytes),
            reason=f"남은 메모리 {_mib(readings.free_memory_bytes)}",
        ),
    ]
    if readings.memory_limit_bytes is not None:
        count = _by_memory(readings.memory_limit_bytes)
        text = f"메모리 한도 {_mib(readings.memory_limit_bytes)}"
        options.append(Capacity(count=count, reason=text))
    if readings.pids_limit is not None:
        count = (readings.pids_limit - _IDLE_PIDS) // _CONTEXT_PIDS
        options.append(Capacity(count=count, reason=f"PID 한도 {readings.pids_limit}"))
    tightest = min(options, key=lambda option: option.count)
    return Capacity(count=max(1, tightest.count), reason=tightest.reason)


def _by_memory(available_bytes: int) -> int:
    return (available_bytes - _OURS_BYTES - _IDLE_BROWSER_BYTES) // _CONTEXT_BYTES


def _mib(size_bytes: int) -> str:
    return f"{size_bytes // _MIB:,} MiB"


def _read() -> Readings:
    try:
        own = _CGROUP_OF_SELF.read_text(encoding="ascii", errors="replace")
    except OSError:
        own = ""  # not Linux
    limits = cgroup_limits(own, _CGROUP_ROOT)
    return Readings(
        cpu_count=min(_usable_cpus(), limits.cpu_count or float("inf")),
        free_memory_bytes=psutil.virtual_memory().available,
        memory_limit_bytes=limits.memory_bytes,
        pids_limit=limits.pids,
    )


def _usable_cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
