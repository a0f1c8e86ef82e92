"""What must hold of a run that came to harm and was resumed: nothing lost, nothing twice. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from percenty_batch.sandbox import Change, Product

_ONCE = ("memo", "detail_html", "name", "group")
_PARTS = ("done", "failed", "skipped", "unknown", "not_attempted")
_GROUPS = {"신규수집", "삭제X"}


def broken_laws(
    report: Mapping[str, Any],
    record: Sequence[Change],
    planned: Mapping[str, Sequence[Product]],
) -> list[str]:
    """Name everything that is wrong; `planned` are each account's ungrouped products before.

    The products have a memo without a mark, at most 30 images, and no word that is warned of.
    """
    found = list(report_laws(report, record, planned))
    for account, products in planned.items():
        mine = [change for change in record if change.account == account]
        for product in products:
            found += [f"{account} {product.key}: {law}" for law in _item_laws(mine, product)]
        found += _letter_laws(account, mine, len(products))
        strangers = {change.product for change in mine if change.product}
        if strangers - {product.key for product in products}:
            found.append(f"{account}: products that were not planned were changed")
    return found


def _item_laws(changes: Sequence[Change], product: Product) -> Iterator[str]:
    mine = [change for change in changes if change.product == product.key]
    for what in _ONCE:
        times = sum(change.what == what for change in mine)
        if times != 1:
            yield f"{what} was changed {times} times"
    for change in mine:
        if change.what == "memo" and change.after != f"{product.memo}-S":
            yield f"memo {change.after!r}"
        if change.what == "group" and change.after not in _GROUPS:
            yield f"group {change.after!r}"
        if change.what == "detail_html" and str(change.after).count(product.memo) != 1:
            yield "the memo is not once in the detail page"


def _letter_laws(account: str, changes: Sequence[Change], count: int) -> Iterator[str]:
    letters = [str(change.after)[-1] for change in changes if change.what == "name"]
    if letters != [chr(ord("A") + number) for number in range(count)]:
        yield f"{account}: letters {letters}"


def report_laws(
    report: Mapping[str, Any],
    record: Sequence[Change],
    planned: Mapping[str, Sequence[Product]],
) -> Iterator[str]:
    """Every account is told of, its done products are those that were moved, and it succeeded."""
    told = {entry["account"]: entry for entry in report["accounts"]}
    if set(told) != set(planned):
        yield f"the report tells of {sorted(told)}"
    for account, entry in told.items():
        moved = {c.product: c.after for c in record if (c.account, c.what) == (account, "group")}
        done = {i["key"]: i["moved_to"] for i in entry["items"] if i["outcome"] == "done"}
        if done != moved or entry["done"] != len(moved):
            yield f"{account}: the report says {done}, the record {moved}"
        if entry["status"] != "succeeded":
            yield f"{account}: {entry['status']}: {entry['failure_message']}"
        yield from sum_laws(account, entry)


def sum_laws(account: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """requested = done + failed + skipped + unknown + not attempted."""
    if entry["requested"] != sum(entry[part] for part in _PARTS):
        yield f"{account}: the figures do not add up: {dict(entry)}"


def untruths(report: Mapping[str, Any], record: Sequence[Change]) -> list[str]:
    """Name what the report of a run that did not end well says, and the record does not.

    Done is what was moved, and only that; a product that was moved without anybody's having seen
    it is unknown, one that was edited at least told of. An account has one product in hand.
    """
    found: list[str] = []
    for entry in report["accounts"]:
        mine = [change for change in record if change.account == entry["account"]]
        found += [f"{entry['account']}: {law}" for law in _untruths_of(entry, mine)]
        found += sum_laws(entry["account"], entry)
    for part in ("requested", *_PARTS):
        if report["totals"][part] != sum(entry[part] for entry in report["accounts"]):
            found.append(f"the accounts' {part} do not add up to the total")
    return found


def _untruths_of(entry: Mapping[str, Any], changes: Sequence[Change]) -> Iterator[str]:
    moved = {change.product: change.after for change in changes if change.what == "group"}
    done = {i["key"]: i["moved_to"] for i in entry["items"] if i["outcome"] == "done"}
    unknown = {i["key"] for i in entry["items"] if i["outcome"] == "unknown"}
    told = {item["key"] for item in entry["items"]}
    edited = {change.product for change in changes if change.product}
    if not done.items() <= moved.items():
        yield f"done {done}, in the record {moved}"
    if silent := moved.keys() - done.keys() - unknown:
        yield f"moved, and neither done nor unknown: {silent}"
    if untold := edited - told:
        yield f"edited and not told of: {untold}"
    if len(unknown) > 1:
        yield f"{len(unknown)} products are unknown"
