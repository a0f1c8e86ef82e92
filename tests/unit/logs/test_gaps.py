from datetime import UTC, datetime, timedelta

import pytest

from percenty_batch.logs.gaps import GapBook
from percenty_batch.models import LogGap, Missing

START = datetime(2024, 12, 1, 13, 4, 5, tzinfo=UTC)
FULL = "디스크 공간 부족"


class Clock:
    """Seconds since the start, as the book asks for them."""

    def __init__(self) -> None:
        self.seconds = 0

    def __call__(self) -> int:
        return int(START.timestamp() + self.seconds) * 1_000_000_000


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(clock: Clock) -> GapBook:
    return GapBook(clock)


def test_a_gap_begins_with_the_first_loss_and_counts_on(book: GapBook, clock: Clock) -> None:
    book.ended(Missing.INFO)
    for clock.seconds in (10, 300):
        book.lost(Missing.INFO, FULL)
    assert book.gaps == (
        LogGap(missing=Missing.INFO, cause=FULL, since=at(10), until=None, count=2),
    )


def test_a_gap_ends_only_for_what_is_complete_again(book: GapBook, clock: Clock) -> None:
    book.lost(Missing.DEBUG, FULL)
    book.lost(Missing.INFO, FULL)
    clock.seconds = 7
    book.ended(Missing.INFO)
    assert [gap.until for gap in book.gaps] == [None, at(7)]


def test_a_loss_soon_after_the_end_belongs_to_the_same_gap(book: GapBook, clock: Clock) -> None:
    book.lost(Missing.LINES, FULL)
    book.ended(Missing.LINES)
    clock.seconds = 60
    book.lost(Missing.LINES, FULL)
    assert [(gap.since, gap.until, gap.count) for gap in book.gaps] == [(at(0), None, 2)]


def test_a_loss_long_after_the_end_begins_another_gap(book: GapBook, clock: Clock) -> None:
    book.lost(Missing.LINES, FULL)
    book.ended(Missing.LINES)
    clock.seconds = 61
    book.lost(Missing.LINES, FULL)
    assert [(gap.since, gap.until) for gap in book.gaps] == [(at(0), at(0)), (at(61), None)]


def test_two_causes_are_two_gaps(book: GapBook) -> None:
    book.lost(Missing.LINES, FULL)
    book.lost(Missing.LINES, "읽기 전용")
    assert [gap.cause for gap in book.gaps] == [FULL, "읽기 전용"]


def test_deleted_files_may_lack_everything_since_the_run_began(book: GapBook, clock: Clock) -> None:
    for clock.seconds in (20, 500):
        book.deleted()
    (gap,) = book.gaps
    assert (gap.missing, gap.since, gap.until, gap.count) == (Missing.LINES, at(0), at(500), 0)


def test_lines_withheld_on_purpose_are_not_counted_as_lost(book: GapBook) -> None:
    for missing in Missing:
        book.lost(missing, FULL)
    assert book.lost_lines == 1
