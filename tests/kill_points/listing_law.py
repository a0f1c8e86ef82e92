"""What must hold of step 5_1: a product becomes four listings, one in each shop, once."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from percenty_batch.sandbox import Change, Product
from tests.kill_points.law import sum_laws
from tests.kill_points.workbook import SUFFIXES

_SHOPS = tuple(SUFFIXES)


def broken_laws(
    report: Mapping[str, Any],
    record: Sequence[Change],
    planned: Mapping[str, Sequence[Product]],
) -> list[str]:
    """Name everything that is wrong; `planned` are each account's products of 대기1."""
    found: list[str] = []
    told = {entry["account"]: entry for entry in report["accounts"]}
    for account, products in planned.items():
        mine = [change for change in record if change.account == account and change.product]
        families = _families(mine)
        for product in products:
            family = families.pop(product.key, (product.key,))
            found += [f"{account} {product.key}: {law}" for law in _family_laws(mine, family)]
        if families:
            found.append(f"{account}: products that were not planned were changed")
        entry = told[account]
        done = {item["key"] for item in entry["items"] if item["outcome"] == "done"}
        if done != {product.key for product in products} or entry["status"] != "succeeded":
            found.append(f"{account}: {entry['status']}, done {done}: {entry['failure_message']}")
        found += sum_laws(account, entry)
    return found


def untruths(report: Mapping[str, Any], record: Sequence[Change]) -> list[str]:
    """Name what the report of a run that did not end well says, and the record does not.

    A product that is done stands in four shops; an account has one product in hand.
    """
    found: list[str] = []
    for entry in report["accounts"]:
        account = entry["account"]
        mine = [change for change in record if change.account == account and change.product]
        items = {item["key"]: item["outcome"] for item in entry["items"]}
        for key, family in _families(mine).items():
            if key not in items:
                found.append(f"{account} {key}: edited and not told of")
            elif items[key] == "done":
                found += [f"{account} {key}: {law}" for law in _family_laws(mine, family)]
        if sum(outcome != "done" for outcome in items.values()) > 1:
            found.append(f"{account}: not done {items}")
        found += sum_laws(account, entry)
    return found


def _families(changes: Sequence[Change]) -> dict[str, tuple[str, ...]]:
    """Give every product that was changed, with its copies."""
    copies: dict[str, str] = {
        str(change.after): str(change.product) for change in changes if change.what == "copied"
    }
    families: dict[str, tuple[str, ...]] = {}
    for key in dict.fromkeys([*map(str, (c.product for c in changes)), *copies]):
        head = copies.get(key, key)
        families[head] = (*families.get(head, ()), key)
    return families


def _family_laws(changes: Sequence[Change], family: Sequence[str]) -> Iterator[str]:
    last = {(change.product, change.what): change.after for change in changes}
    groups = Counter(last.get((key, "group")) for key in family)
    if groups != Counter(_SHOPS):
        yield f"groups {dict(groups)}"
    for key in family:
        shop, name = last.get((key, "group")), str(last.get((key, "name")))
        if not name.endswith(f"Z1 {SUFFIXES.get(str(shop), '?')}"):
            yield f"name {name!r} in {shop}"
