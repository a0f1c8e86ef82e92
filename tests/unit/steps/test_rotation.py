"""What makes four listings of one product different."""

import pytest

from percenty_batch.accounts import ShopSuffixes
from percenty_batch.steps.rotation import copy_number, listings_of, variants

FOUR = variants(ShopSuffixes(a="가1", b="나1", c="다1", d="라1"))


def test_discounts_are_one_list_rotated_by_shop() -> None:
    by_shop = {v.shop: [v.discount(position) for position in range(11)] for v in FOUR}
    assert by_shop == {
        "A": [2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 2],
        "B": [15, 20, 25, 30, 35, 40, 45, 2, 5, 10, 15],
        "C": [25, 30, 35, 40, 45, 2, 5, 10, 15, 20, 25],
        "D": [35, 40, 45, 2, 5, 10, 15, 20, 25, 30, 35],
    }


def test_names_groups_and_thumbnails_go_by_shop() -> None:
    assert [v.name("조끼 H16Z1 ") for v in FOUR] == [
        "조끼 H16Z1 가1",
        "조끼 H16Z1 나1",
        "조끼 H16Z1 다1",
        "조끼 H16Z1 라1",
    ]
    assert [v.group(2) for v in FOUR] == ["쇼핑몰A2", "쇼핑몰B2", "쇼핑몰C2", "쇼핑몰D2"]
    assert [v.thumbnail for v in FOUR] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("name", "number"),
    [("조끼 (소) A(2)", 2), ("조끼 (소)  A (3)", 3), ("조끼 (소) A", None), ("다른 것(1)", None)],
)
def test_a_copy_is_known_by_its_number_behind_the_name(name: str, number: int | None) -> None:
    assert copy_number("조끼 (소) A", name) == number


def test_four_listings_are_the_original_and_its_three_copies_and_nothing_else() -> None:
    rows = [("k3", "조끼(3)"), ("k2", "조끼(2)"), ("k1", "조끼(1)"), ("k0", "조끼")]
    assert listings_of("k0", "조끼", rows) == {"A": "k0", "B": "k1", "C": "k2", "D": "k3"}
    assert listings_of("k0", "조끼", rows[1:]) is None
    assert listings_of("k0", "조끼", [*rows, ("k4", "조끼(4)")]) is None
    assert listings_of("k0", "조끼", [("x", "의자(3)"), *rows[1:]]) is None
