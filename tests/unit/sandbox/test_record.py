"""The record's sum: what really became of an account's products."""

from datetime import UTC, datetime

from percenty_batch.sandbox import Change, record_summary
from percenty_batch.sandbox.record import Value


def change(what: str, after: Value, *, product: str | None = "p1", account: str = "a") -> Change:
    return Change(
        at=datetime(2026, 1, 1, tzinfo=UTC),
        sign_in=1,
        account=account,
        product=product,
        what=what,
        before=None,
        after=after,
    )


def test_the_summary_tells_edits_moves_and_deletions_by_account() -> None:
    summary = record_summary(
        [
            change("sign_in", "ok", product=None),
            change("name", "n"),
            change("group", "서버1"),
            change("group", "신규수집"),
            change("deleted", None, product="p2"),
            change("sign_in", "locked", product=None, account="b"),
        ]
    )

    assert (summary["a"].sign_ins, summary["b"].sign_ins) == (1, 0)
    assert summary["a"].edited == {"p1"}
    assert summary["a"].moved == {"p1": "신규수집"}
    assert summary["a"].deleted == {"p2"}
    assert not summary["b"].edited


def test_a_product_moved_out_of_its_group_is_moved_to_none() -> None:
    assert record_summary([change("group", None)])["a"].moved == {"p1": None}
