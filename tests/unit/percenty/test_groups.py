import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.percenty.groups import group_pattern, is_same_group


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("복제X", "복제x", True),
        ("신규수집", " 신규수집\n", True),
        ("서버1", "서버10", False),
        ("쇼핑몰A1", "쇼핑몰A", False),
        ("A.1", "AB1", False),
        ("", "신규수집", False),
    ],
)
def test_group_names_are_compared_whole_and_without_case(
    one: str, other: str, is_same: bool
) -> None:
    assert is_same_group(one, other) is is_same_group(other, one) is is_same
    assert bool(group_pattern(one).search(other)) is is_same


@given(
    name=st.text(st.sampled_from("aAxX1복제.*+()[]| "), min_size=1).filter(str.strip),
    other=st.text(st.sampled_from("aAxX1복제.*+()[]| ")),
)
def test_the_pattern_follows_the_same_rule(name: str, other: str) -> None:
    assert bool(group_pattern(name).search(other)) is is_same_group(name, other)
