import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.steps import naming

memos = st.one_of(
    st.text(st.sampled_from("G1-S|H"), max_size=12), st.just("G11-96|444-5-H16"), st.text()
)
names = st.one_of(st.text(st.sampled_from("가 aAZ19"), max_size=12), st.text())
letters = st.sampled_from(string.ascii_uppercase)


@pytest.mark.parametrize(
    ("memo", "marked"),
    [
        ("G11-96|444-5-H16", "G11-96|444-5-H16-S"),
        ("G11-H16-S", "G11-H16-S"),
        ("G11-H16-S-S-S", "G11-H16-S"),
        ("G11-S-H16", "G11-S-H16-S"),
        ("", "-S"),
    ],
)
def test_a_memo_gets_exactly_one_mark(memo: str, marked: str) -> None:
    assert naming.marked_memo(memo) == marked


@given(memo=memos)
def test_marking_twice_is_marking_once(memo: str) -> None:
    once = naming.marked_memo(memo)
    assert naming.marked_memo(once) == once
    assert naming.original_memo(once) == naming.original_memo(memo)
    assert not naming.original_memo(once).endswith(naming.MEMO_MARK)


@given(memo=memos)
def test_the_model_name_does_not_depend_on_marks_and_is_never_empty(memo: str) -> None:
    model = naming.model_name(memo)
    assert model == naming.model_name(naming.marked_memo(memo)) != ""
    assert model == (naming.original_memo(memo) or "G64")


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("여름 원피스 H16Z1", "여름 원피스 H16Z1B"),
        ("여름 원피스 H16Z", "여름 원피스 H16B"),
        ("원피스 z", "원피스 zB"),
        ("원피스 ", "원피스B"),
        ("원피스 X ", "원피스 B"),
        ("Z", "B"),
        ("", "B"),
    ],
)
def test_a_letter_at_the_end_is_replaced_and_else_one_is_appended(name: str, named: str) -> None:
    assert naming.with_letter(name, "B") == named


@given(name=names, one=letters, other=letters)
def test_lettering_again_replaces_the_letter(name: str, one: str, other: str) -> None:
    lettered = naming.with_letter(name, one)
    assert naming.with_letter(lettered, other) == lettered[:-1] + other
    assert lettered.endswith(one)
    assert len(lettered) <= len(name.rstrip()) + 1


def test_the_sequence_of_letters_goes_on_with_a_after_z() -> None:
    letters = "".join(map(naming.letter_at, range(60)))
    assert letters == (string.ascii_uppercase * 3)[:60]


def plan(base: str, letter: str = "C") -> naming.NamePlan:
    return naming.NamePlan(base=base, letter=letter)


def test_a_plan_gives_its_letter_and_then_digits_to_one_base() -> None:
    assert plan("원피스 H16Z").names == (
        "원피스 H16C",
        "원피스 H16C1",
        "원피스 H16C2",
        "원피스 H16C3",
        "원피스 H16C4",
        "원피스 H16C5",
    )


@pytest.mark.parametrize("name", ["원피스 H16Z", "원피스 H16C", "원피스 H16C1", "원피스 H16C5"])
def test_a_plan_explains_the_name_it_began_with_and_all_that_it_may_have_given(name: str) -> None:
    assert plan("원피스 H16Z").explains(name)


@pytest.mark.parametrize(
    "name", ["원피스", "원피스 H16D", "원피스 H16C6", "원피스 H16C11", "치마 C"]
)
def test_a_plan_does_not_explain_a_name_that_somebody_else_gave(name: str) -> None:
    assert not plan("원피스 H16Z").explains(name)


@given(base=names, letter=letters)
def test_no_two_names_of_a_plan_are_the_same_and_it_explains_each(base: str, letter: str) -> None:
    given_names = plan(base, letter).names
    assert len(set(given_names)) == len(given_names)
    assert all(map(plan(base, letter).explains, given_names))
