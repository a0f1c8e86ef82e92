"""The limits that a container, or a systemd slice, puts on this process (cgroup v1 and v2)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

_Limit = TypeVar("_Limit", int, float)

_UNLIMITED = 2**60  # cgroup v1 writes "no limit" as the largest multiple of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class CgroupLimits:
    """The tightest limits between this process and the root. None: no limit."""

    cpu_count: float | None = None
    memory_bytes: int | None = None
    pids: int | None = None


def cgroup_limits(membership: str, root: Path) -> CgroupLimits:
    """Read the limits below `root` (`/sys/fs/cgroup`).

    `membership` is the text of `/proc/self/cgroup`. Inside a container it may name folders of the
    host; those that do not exist here are passed over, and the container's own root counts.
    """
    places = dict(_memberships(membership))
    return CgroupLimits(
        cpu_count=_tightest(_cpu_quota, _folders(places, root, "cpu")),
        memory_bytes=_tightest(_memory_limit, _folders(places, root, "memory")),
        pids=_tightest(_pids_limit, _folders(places, root, "pids")),
    )


def _memberships(text: str) -> Iterator[tuple[str, PurePosixPath]]:
    """Yield controller and path of each line `id:controllers:path`; version 2 names none."""
    for line in text.splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        group = PurePosixPath("/", path.strip())
        for controller in controllers.split(","):
            # A group outside of our namespace is shown as `/..`: only the root is ours then.
            yield controller, PurePosixPath("/") if ".." in group.parts else group


def _folders(places: dict[str, PurePosixPath], root: Path, controller: str) -> Iterator[Path]:
    """Yield the group's folder and all above it, of version 1 and of version 2."""
    for mount, key in ((root / controller, controller), (root, "")):
        if key in places:
            group = mount / places[key].relative_to("/")
            yield from (f for f in (group, *group.parents) if f.is_relative_to(mount))


def _tightest(read: Callable[[Path], _Limit | None], folders: Iterable[Path]) -> _Limit | None:
    return min((limit for folder in folders if (limit := read(folder)) is not None), default=None)


def _memory_limit(folder: Path) -> int | None:
    return _number(folder / "memory.max") or _number(folder / "memory.limit_in_bytes")


def _pids_limit(folder: Path) -> int | None:
    return _number(folder / "pids.max")


def _cpu_quota(folder: Path) -> float | None:
    quota, _, period = _text(folder / "cpu.max").partition(" ")
    if not quota:
        quota = _text(folder / "cpu.cfs_quota_us")
        period = _text(folder / "cpu.cfs_period_us")
    if quota.isdigit() and period.isdigit():
        return int(quota) / int(period)
    return None  # "max" (version 2) or -1 (version 1)


def _number(file: Path) -> int | None:
    text = _text(file)
    return int(text) if text.isdigit() and int(text) < _UNLIMITED else None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
