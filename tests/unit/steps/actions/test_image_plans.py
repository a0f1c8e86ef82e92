"""Plans over images: what is still to be done after a death at any moment."""

from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.accounts import AllImages, ChineseImages, ImagesAt, Removal
from percenty_batch.steps.actions.image_plans import (
    Deletion,
    TranslationPlan,
    copies_left,
    cycled,
    deletion_of,
    translated_of,
)
from percenty_batch.steps.actions.translating import positions

SOURCES = st.lists(st.sampled_from("abcdef"), max_size=12).map(tuple)


@given(SOURCES, st.integers(0, 4), st.integers(0, 4), st.data())
def test_a_deletion_that_was_cut_off_is_continued_to_the_same_end(
    before: tuple[str, ...], first: int, last: int, data: st.DataObject
) -> None:
    removal = Removal(first=first, last=last)
    plan = Deletion(before=before, positions=removal.positions(len(before)))
    now = list(before)
    for position in plan.positions[: data.draw(st.integers(0, len(plan.positions)))]:
        del now[position - 1]

    left = plan.left(now)

    assert left is not None
    for position in left:
        del now[position - 1]
    assert tuple(now) == plan.after


def test_images_that_somebody_else_changed_are_left_alone() -> None:
    plan = Deletion(before=("a", "b", "c"), positions=(3,))
    assert plan.left(("b", "c")) is None
    assert plan.left(("a", "b", "c", "d")) is None


def test_images_under_new_addresses_are_told_by_their_number() -> None:
    plan = Deletion(before=("a", "b", "c", "d"), positions=(4, 1))
    assert plan.left(("w", "x", "y")) == (1,)
    assert plan.left(("w", "x")) == ()
    assert plan.left(("w",)) is None


def test_a_plan_comes_back_from_the_ledger_as_it_was() -> None:
    deletion = Deletion(before=("a", "b"), positions=(2, 1))
    translating = TranslationPlan(before=("a", "b"), positions=(1,))
    assert deletion_of(deletion.as_json()) == deletion
    assert translated_of(translating.as_json()) == translating
    assert deletion_of(None) is None


def test_only_images_that_were_not_saved_are_translated_again() -> None:
    plan = TranslationPlan(before=("a", "b", "c"), positions=(1, 3))
    assert plan.left(("a", "b", "c")) == (1, 3)
    assert plan.left(("a-ko", "b", "c")) == (3,)
    assert plan.left(("a-ko", "b")) is None


def test_copies_go_on_where_they_stopped_and_take_images_in_turn() -> None:
    assert copies_left(before=5, wanted=4, now=7) == 2
    assert copies_left(before=5, wanted=4, now=4) is None
    assert copies_left(before=5, wanted=4, now=10) is None
    assert [cycled(3, number) for number in range(5)] == [1, 2, 3, 1, 2]


def test_positions_beyond_the_images_are_not_meant() -> None:
    assert positions(AllImages(), 3) == (1, 2, 3)
    assert positions(ImagesAt(positions=(2, 9)), 3) == (2,)
    assert positions(ChineseImages(among=2), 3) == (1, 2)
    assert positions(ChineseImages(among=9), 3) == (1, 2, 3)
