from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.logs import guard
from percenty_batch.logs.gaps import GapBook
from percenty_batch.logs.guard import DiskGuard, Shortage, shortage
from percenty_batch.models import Missing

MB = 1024 * 1024
SIZES = st.integers(0, 2**40)
LEVELS = st.sampled_from(Shortage)


@dataclass
class Disk:
    """A disk of 160 MB wanted, whose free megabytes the test sets, and what was told of it."""

    free_mb: float = 1000
    looks: int = 0
    told: list[str] = field(default_factory=list)
    gaps: GapBook = field(default_factory=lambda: GapBook(lambda: 0))

    def free_bytes(self, _: Path) -> int:
        self.looks += 1
        if self.free_mb < 0:
            raise OSError
        return int(self.free_mb * MB)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(guard, "free_bytes", made.free_bytes)
    monkeypatch.setattr(guard, "_LOOK_EVERY_S", 0.0)
    return made


@pytest.fixture
def watching(disk: Disk) -> DiskGuard:
    return DiskGuard(Path("logs"), 160, disk.gaps, disk.told.append)


def allowed(watching: DiskGuard) -> tuple[bool, ...]:
    """What there is room for, in the order in which it is given up."""
    return (
        watching.may_trace(),
        watching.may_take_evidence(),
        *(watching.may_write(level) for level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
    )


@pytest.mark.parametrize(
    ("free", "level"),
    [
        (200, Shortage.NONE),
        (199, Shortage.TRACES),
        (100, Shortage.TRACES),
        (99, Shortage.EVIDENCE),
        (49, Shortage.DEBUG),
        (24, Shortage.INFO),
        (0, Shortage.INFO),
    ],
)
def test_each_level_begins_at_half_the_room_of_the_one_above(free: int, level: Shortage) -> None:
    assert shortage(free, 200, Shortage.NONE) is level


@pytest.mark.parametrize(("free", "level"), [(249, Shortage.TRACES), (250, Shortage.NONE)])
def test_a_level_is_left_only_with_room_to_spare(free: int, level: Shortage) -> None:
    assert shortage(free, 200, Shortage.TRACES) is level


def test_a_large_gain_leaves_all_levels_at_once() -> None:
    assert shortage(10_000, 200, Shortage.INFO) is Shortage.NONE


@given(SIZES, SIZES, SIZES, LEVELS)
def test_less_room_never_gives_up_less(free: int, more: int, wanted: int, before: Shortage) -> None:
    assert shortage(free, wanted, before) >= shortage(free + more, wanted, before)


@given(SIZES, SIZES, LEVELS, LEVELS)
def test_who_gave_up_more_before_gives_up_no_less_now(
    free: int, wanted: int, one: Shortage, other: Shortage
) -> None:
    low, high = sorted((one, other))
    assert shortage(free, wanted, low) <= shortage(free, wanted, high)


@given(SIZES, SIZES, LEVELS)
def test_the_same_room_is_judged_the_same_again(free: int, wanted: int, before: Shortage) -> None:
    once = shortage(free, wanted, before)
    assert shortage(free, wanted, once) is once


@given(st.integers(1, 2**40), st.floats(0.81, 1.0), LEVELS)
def test_a_swing_below_a_fifth_changes_a_level_at_most_once(
    free: int, swing: float, before: Shortage
) -> None:
    low = int(free * swing) + 1
    judged = shortage(low, 200 * MB, shortage(free, 200 * MB, before))
    for room in (free, low, free, low):
        judged, last = shortage(room, 200 * MB, judged), judged
        assert judged is last


@given(SIZES, LEVELS)
def test_nothing_wanted_gives_up_nothing(free: int, before: Shortage) -> None:
    assert shortage(free, 0, before) is Shortage.NONE


@pytest.mark.parametrize(("free_mb", "given_up"), [(160, 0), (159, 1), (79, 2), (39, 3), (19, 4)])
def test_things_are_given_up_in_order_and_errors_never(
    disk: Disk, watching: DiskGuard, free_mb: int, given_up: int
) -> None:
    disk.free_mb = free_mb
    assert allowed(watching) == (False,) * given_up + (True,) * (7 - given_up)
    assert [gap.missing for gap in disk.gaps.gaps] == list(Missing)[:given_up]
    assert all(gap.count == 1 and gap.cause == "디스크 공간 부족" for gap in disk.gaps.gaps)


def test_each_change_of_the_level_is_told_once(disk: Disk, watching: DiskGuard) -> None:
    for disk.free_mb in (100, 100, 10, 10, 30, 1000, 1000):
        watching.may_write("ERROR")
    assert disk.told == [
        "디스크 공간이 부족하여 trace를 남기지 않습니다",
        "디스크 공간이 부족하여 trace, 화면, HTML, 디버그와 정보 로그를 남기지 않습니다",
        "디스크 공간이 부족하여 trace, 화면, HTML, 디버그 로그를 남기지 않습니다",
        "디스크 여유 공간이 다시 충분하여 모두 남깁니다",
    ]


def test_gaps_end_when_their_level_is_left(disk: Disk, watching: DiskGuard) -> None:
    disk.free_mb = 10
    allowed(watching)
    disk.free_mb = 30
    watching.may_write("ERROR")
    assert [gap.missing for gap in disk.gaps.gaps if gap.until] == [Missing.INFO]


def test_a_refused_write_gives_up_everything_at_once_and_for_a_while(
    disk: Disk, watching: DiskGuard
) -> None:
    watching.refused()
    watching.refused()
    assert allowed(watching) == (False,) * 4 + (True,) * 3
    assert len(disk.told) == 1


def test_after_a_while_the_free_room_counts_again(
    disk: Disk, watching: DiskGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_HOLD_S", 0.0)
    watching.refused()
    assert allowed(watching) == (True,) * 7
    disk.free_mb = 100
    watching.refused()
    assert allowed(watching) == (False,) + (True,) * 6


def test_a_disk_that_cannot_be_asked_stays_as_it_was_judged(
    disk: Disk, watching: DiskGuard
) -> None:
    disk.free_mb = 79
    watching.may_write("INFO")
    disk.free_mb = -1
    assert allowed(watching) == (False,) * 2 + (True,) * 5


def test_the_disk_is_not_asked_for_every_line(
    disk: Disk, watching: DiskGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_LOOK_EVERY_S", 3600.0)
    for _ in range(1000):
        watching.may_write("INFO")
    assert disk.looks == 1


def test_without_a_limit_the_disk_is_not_asked_at_all(disk: Disk) -> None:
    unlimited = DiskGuard(Path("logs"), 0, disk.gaps, disk.told.append)
    assert allowed(unlimited) == (True,) * 7
    assert disk.looks == 0
