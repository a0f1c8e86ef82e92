"""What must hold of step 6_1: each product is uploaded once, and the row says how many were."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from percenty_batch.sandbox import Change, Product
from tests.kill_points.law import sum_laws


def broken_laws(
    report: Mapping[str, Any],
    record: Sequence[Change],
    planned: Mapping[str, Sequence[Product]],
) -> list[str]:
    """Name everything that is wrong; `planned` are the products of each account's shop group."""
    found: list[str] = []
    told = {entry["account"]: entry for entry in report["accounts"]}
    for account, products in planned.items():
        times = _uploads(record, account)
        if times != Counter(product.key for product in products):
            found.append(f"{account}: uploaded {dict(times)}")
        entry = told[account]
        amounts = [(item["outcome"], item["amount"]) for item in entry["items"]]
        if amounts != [("done", len(products))] or entry["status"] != "succeeded":
            found.append(f"{account}: {entry['status']}, {amounts}")
        found += sum_laws(account, entry)
    return found


def untruths(report: Mapping[str, Any], record: Sequence[Change]) -> list[str]:
    """Name what the report of a run that did not end well says, and the record does not."""
    found: list[str] = []
    for entry in report["accounts"]:
        account = entry["account"]
        uploaded = _uploads(record, account)
        if max(uploaded.values(), default=0) > 1:
            found.append(f"{account}: uploaded {dict(uploaded)}")
        done = [item["amount"] for item in entry["items"] if item["outcome"] == "done"]
        if done and done != [len(uploaded)]:
            found.append(f"{account}: {done} products are done, {len(uploaded)} were uploaded")
        if uploaded and not entry["items"]:
            found.append(f"{account}: products were uploaded, and no row is told of")
        found += sum_laws(account, entry)
    return found


def _uploads(record: Sequence[Change], account: str) -> Counter[str | None]:
    """Count how often each product was uploaded."""
    return Counter(
        change.product for change in record if (change.account, change.what) == (account, "markets")
    )
