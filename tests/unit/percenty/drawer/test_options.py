import pytest

from percenty_batch.percenty.drawer.options import are_numbered


@pytest.mark.parametrize(
    "names",
    [
        ("1. 블랙",),
        ("1. 블랙", "2. 화이트"),
        ("01 블랙", " 2_화이트"),
        ("1. 블랙", "2. 화이트", "1. S", "2. M", "3. L"),  # each option type from 1
        ("1. 블랙", "2. 화이트", "3. S", "4. M"),  # or all of them on
    ],
)
def test_names_that_begin_with_their_numbers_are_numbered(names: tuple[str, ...]) -> None:
    assert are_numbered(names)


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("",),
        ("블랙", "화이트"),
        ("2. 블랙",),
        ("1. 블랙", "3. 화이트"),
        ("1. 블랙", "2. 화이트", "S", "M"),  # the second option type is left
        ("1. 블랙", "2. 화이트", "2. S"),
    ],
)
def test_names_of_which_one_has_another_number_or_none_are_not(names: tuple[str, ...]) -> None:
    assert not are_numbered(names)
