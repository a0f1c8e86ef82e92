from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from percenty_batch.accounts import AllImages, ChineseImages, Copies, ImagesAt, Removal, Translation
from percenty_batch.accounts.cells import (
    parse_copies,
    parse_html,
    parse_removal,
    parse_translation,
)
from percenty_batch.accounts.table import CellError

COUNTS = st.integers(1, 999)
POSITIONS = st.lists(COUNTS, min_size=1, unique=True).map(lambda found: tuple(sorted(found)))
REMOVALS = (
    st.builds(
        Removal, first=st.integers(0, 5), last=st.integers(0, 999), at=POSITIONS | st.just(())
    )
    .filter(lambda removal: removal != Removal())
    .filter(lambda removal: not removal.at or removal.at[0] > removal.first)
)
TRANSLATIONS = (
    st.just(AllImages())
    | st.builds(ImagesAt, positions=POSITIONS)
    | st.builds(ChineseImages, among=COUNTS)
)
PARSERS: tuple[Callable[[str], object], ...] = (parse_removal, parse_copies, parse_translation)


@settings(deadline=None)  # a busy machine is no failure
@given(removal=REMOVALS)
def test_a_removal_is_read_back_as_it_was_printed(removal: Removal) -> None:
    assert parse_removal(str(removal)) == removal


@settings(deadline=None)
@given(count=COUNTS)
def test_copies_are_read_back_as_they_were_printed(count: int) -> None:
    assert parse_copies(str(Copies(count=count))) == Copies(count=count)


@settings(deadline=None)
@given(translation=TRANSLATIONS)
def test_a_translation_is_read_back_as_it_was_printed(translation: Translation) -> None:
    assert parse_translation(str(translation)) == translation


@settings(deadline=None)
@given(
    text=st.lists(
        st.sampled_from(
            ["first", "last", "specific", "special", "copy", "all", *":/,- ", *"0129", "YES", "no"]
        ),
        max_size=8,
    ).map("".join)
)
def test_whatever_is_read_prints_as_the_same_and_all_else_is_refused(text: str) -> None:
    for parse in PARSERS:
        try:
            value = parse(text.strip())
        except CellError:
            continue
        assert value is None or parse(str(value)) == value


@pytest.mark.parametrize("parse", [*PARSERS, parse_html])
@pytest.mark.parametrize("text", ["", "NO", "no"])
def test_a_blank_and_no_mean_nothing_to_do(parse: Callable[[str], object], text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("parse", "meant"),
    [
        (parse_removal, Removal(last=1)),
        (parse_copies, Copies(count=1)),
        (parse_translation, AllImages()),
    ],
)
def test_yes_means_what_it_always_did(parse: Callable[[str], object], meant: object) -> None:
    assert parse("YES") == parse("yes") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("first:1/last:1", Removal(first=1, last=1)),
        ("last:2 / FIRST : 3", Removal(first=3, last=2)),
        ("specific:9, 2,5", Removal(at=(2, 5, 9))),
        ("first:01", Removal(first=1)),
    ],
)
def test_case_blanks_and_order_do_not_matter(text: str, meant: Removal) -> None:
    assert parse_removal(text) == meant


@pytest.mark.parametrize("text", ["first:١", "first:1000", "first:1.0", "first:", "specific:1,"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="1부터 999까지의 수를 쓰세요"):
        parse_removal(text)


@pytest.mark.parametrize(
    ("removal", "count", "positions"),
    [
        (Removal(first=2, last=1), 5, (5, 2, 1)),
        (Removal(first=2, last=2), 3, (3, 2, 1)),
        (Removal(last=4), 2, (2, 1)),
        (Removal(at=(2, 9)), 5, (2,)),
        (Removal(first=1), 0, ()),
    ],
)
def test_a_removal_names_each_image_that_there_is_once_and_the_highest_first(
    removal: Removal, count: int, positions: tuple[int, ...]
) -> None:
    assert removal.positions(count) == positions


def test_a_long_cell_is_not_shown_in_full() -> None:
    with pytest.raises(CellError) as caught:
        parse_html("가" * 500)

    assert str(caught.value) == f"'{'가' * 40}…': HTML 태그가 없습니다"
