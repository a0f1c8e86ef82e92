"""What must hold of step 4: each product is translated once, then moved once. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from percenty_batch.sandbox import Change, Product
from tests.kill_points.law import sum_laws

_ONCE_IN_ORDER = [("translation", "running"), ("translation", "done"), ("group", None)]


def broken_laws(
    report: Mapping[str, Any],
    record: Sequence[Change],
    planned: Mapping[str, Sequence[Product]],
) -> list[str]:
    """Name everything that is wrong; `planned` are each account's products of 서버1 to 서버3."""
    found: list[str] = []
    told = {entry["account"]: entry for entry in report["accounts"]}
    for account, products in planned.items():
        mine = [change for change in record if change.account == account and change.product]
        for product in products:
            found += [f"{account} {product.key}: {law}" for law in _product_laws(mine, product)]
        if {change.product for change in mine} - {product.key for product in products}:
            found.append(f"{account}: products that were not planned were changed")
        entry = told[account]
        done = [item for item in entry["items"] if item["outcome"] == "done"]
        if (amount := _amount(done)) != len(products) or len(done) != len(entry["items"]):
            found.append(f"{account}: {amount} products in {len(done)} of {len(entry['items'])}")
        if entry["status"] != "succeeded":
            found.append(f"{account}: {entry['status']}: {entry['failure_message']}")
        found += sum_laws(account, entry)
    return found


def untruths(report: Mapping[str, Any], record: Sequence[Change]) -> list[str]:
    """Name what the report of a run that did not end well says, and the record does not.

    A lot that is done was moved; what was moved besides is of lots that are unknown or failed.
    """
    found: list[str] = []
    for entry in report["accounts"]:
        account = entry["account"]
        mine = [change for change in record if change.account == account]
        moved = sum(change.what == "group" for change in mine)
        done = _amount(item for item in entry["items"] if item["outcome"] == "done")
        open_lots = [item for item in entry["items"] if item["outcome"] != "done"]
        if done > moved or (done < moved and not open_lots):
            found.append(f"{account}: {done} products are done, {moved} were moved")
        if len(open_lots) > 1:
            found.append(f"{account}: {len(open_lots)} lots are in hand")
        found += sum_laws(account, entry)
    return found


def _product_laws(changes: Sequence[Change], product: Product) -> Iterator[str]:
    mine = [
        (change.what, change.after if change.what == "translation" else None)
        for change in changes
        if change.product == product.key and change.what in ("translation", "group")
    ]
    if mine != _ONCE_IN_ORDER:
        yield f"{mine}"
    target = f"대기{(product.group or '')[-1]}"
    for change in changes:
        if (change.product, change.what) == (product.key, "group") and change.after != target:
            yield f"group {change.after!r}"


def _amount(items: Iterator[Mapping[str, Any]] | Sequence[Mapping[str, Any]]) -> int:
    return sum(item["amount"] or 0 for item in items)
