from pathlib import Path

import pytest

from percenty_batch.browser.cgroups import CgroupLimits, cgroup_limits

V1_UNLIMITED = "9223372036854771712"


def write(root: Path, **files: str) -> None:
    """Write each file; `__` in a name stands for `/`, and one `_` before `dot` for a dot."""
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")


def test_version_2_is_read_from_the_own_group(tmp_path: Path) -> None:
    write(
        tmp_path,
        job__memory_dot_max="1073741824",
        job__pids_dot_max="150",
        job__cpu_dot_max="150000 100000",
    )
    assert cgroup_limits("0::/job\n", tmp_path) == CgroupLimits(
        cpu_count=1.5, memory_bytes=1073741824, pids=150
    )


def test_a_group_above_may_be_tighter(tmp_path: Path) -> None:
    write(tmp_path, slice__memory_dot_max="500", slice__job__memory_dot_max="900")
    assert cgroup_limits("0::/slice/job\n", tmp_path).memory_bytes == 500


def test_max_means_no_limit(tmp_path: Path) -> None:
    write(tmp_path, memory_dot_max="max", pids_dot_max="max", cpu_dot_max="max 100000")
    assert cgroup_limits("0::/\n", tmp_path) == CgroupLimits()


def test_version_1_has_a_tree_for_each_controller(tmp_path: Path) -> None:
    write(
        tmp_path,
        memory__a__memory_dot_limit_in_bytes="2147483648",
        pids__b__pids_dot_max="60",
        cpu__c__cpu_dot_cfs_quota_us="50000",
        cpu__c__cpu_dot_cfs_period_us="100000",
    )
    membership = "4:memory:/a\n8:pids:/b\n2:cpu,cpuacct:/c\n0::/\n"
    assert cgroup_limits(membership, tmp_path) == CgroupLimits(
        cpu_count=0.5, memory_bytes=2147483648, pids=60
    )


def test_version_1_without_limits_has_none(tmp_path: Path) -> None:
    write(
        tmp_path,
        memory__memory_dot_limit_in_bytes=V1_UNLIMITED,
        pids__pids_dot_max="max",
        cpu__cpu_dot_cfs_quota_us="-1",
        cpu__cpu_dot_cfs_period_us="100000",
    )
    assert cgroup_limits("4:memory:/\n8:pids:/\n2:cpu:/\n", tmp_path) == CgroupLimits()


def test_inside_a_container_the_hosts_path_leads_to_the_containers_own_root(tmp_path: Path) -> None:
    write(tmp_path, memory__memory_dot_limit_in_bytes="700")
    assert cgroup_limits("4:memory:/docker/0a1b\n", tmp_path).memory_bytes == 700


def test_a_path_that_leaves_the_root_reads_nothing_outside(tmp_path: Path) -> None:
    write(tmp_path, outside__memory_dot_max="1", root__memory_dot_max="2")
    assert cgroup_limits("0::/../outside\n", tmp_path / "root").memory_bytes == 2


@pytest.mark.parametrize("membership", ["", "nonsense", "::", "0::"])
def test_a_system_without_cgroups_has_no_limits(tmp_path: Path, membership: str) -> None:
    assert cgroup_limits(membership, tmp_path / "none") == CgroupLimits()
