"""The variants that the matrix runs: few, and yet every pair of two settings' values."""

import itertools

from tests.antd_site.pairwise import covering

VALUES = {"a": (1, 2, 3), "b": ("x", "y"), "c": (True, False), "d": ("p", "q", "r")}


def test_every_pair_of_values_stands_in_some_row() -> None:
    rows = covering(VALUES)

    for (one, first), (other, second) in itertools.combinations(VALUES.items(), 2):
        for pair in itertools.product(first, second):
            assert any((row[one], row[other]) == pair for row in rows)


def test_each_row_has_a_value_for_every_setting() -> None:
    assert all(list(row) == list(VALUES) for row in covering(VALUES))


def test_there_are_far_fewer_rows_than_combinations() -> None:
    assert len(covering(VALUES)) <= 12


def test_the_same_settings_give_the_same_rows() -> None:
    assert covering(VALUES) == covering(VALUES)


def test_another_seed_gives_other_rows() -> None:
    assert covering(VALUES) != covering(VALUES, seed=2)
