"""What makes four listings of one product different, as pure values (percenty-steps, step 5)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from percenty_batch.accounts import ShopSuffixes
from percenty_batch.steps.turns import rotated

DISCOUNTS = (2, 5, 10, 15, 20, 25, 30, 35, 40, 45)
SHIFTS = {"A": 0, "B": 3, "C": 5, "D": 7}
COPIES = 3
_COPY = re.compile(r"\s*\((\d+)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One of the four: its shop's letter, its name's suffix, and which thumbnail leads (from 1)."""

    shop: str
    suffix: str
    thumbnail: int

    def discount(self, position: int) -> int:
        """Tell the discount of the source product at this position of the sequence, from 0."""
        return rotated(DISCOUNTS, position, SHIFTS[self.shop])

    def name(self, base: str) -> str:
        return f"{base.rstrip()} {self.suffix}"

    def group(self, number: int) -> str:
        """Tell the shop's group in step 5_`number`."""
        return f"쇼핑몰{self.shop}{number}"


def variants(suffixes: ShopSuffixes) -> tuple[Variant, ...]:
    """Give the four, the original's first."""
    by_shop = {"A": suffixes.a, "B": suffixes.b, "C": suffixes.c, "D": suffixes.d}
    return tuple(
        Variant(shop=shop, suffix=suffix, thumbnail=number)
        for number, (shop, suffix) in enumerate(by_shop.items(), start=1)
    )


def listings_of(original: str, base: str, rows: Sequence[tuple[str, str]]) -> dict[str, str] | None:
    """Assign the rows (key, name) of the work group to the shops; None when they are not the four.

    The original is A; the copies are `base(1)` to `base(3)`, whose numbers are B, C and D.
    """
    copies: dict[int, str] = {}
    for key, name in rows:
        if key == original:
            continue
        number = copy_number(base, name)
        if number is None or number in copies:
            return None
        copies[number] = key
    if len(rows) != 1 + COPIES or sorted(copies) != [1, 2, 3]:
        return None
    return {"A": original, "B": copies[1], "C": copies[2], "D": copies[3]}


def copy_number(base: str, name: str) -> int | None:
    """Tell which copy of a product a name belongs to; None: it is no copy's."""
    found = _COPY.search(name)
    if found is None or folded(name[: found.start()]) != folded(base):
        return None
    return int(found[1])


def folded(name: str) -> str:
    """A name as lists show it."""
    return " ".join(name.split())
