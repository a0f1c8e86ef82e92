from datetime import UTC, datetime
from typing import Any

import pytest

from percenty_batch.cli.comparison import Row, compare, print_table
from percenty_batch.sandbox import Change, Expectation, SandboxAccount, Shape

NOON = datetime(2024, 12, 1, 12, 0, tzinfo=UTC)
ACCOUNT = SandboxAccount(
    id="a@example.com",
    password="x",
    shapes=(Shape(), Shape()),
    expected=Expectation(status="partial", done=1, failed=1),
)


def moved(product: str, group: str) -> Change:
    return Change(
        at=NOON,
        sign_in=1,
        account=ACCOUNT.id,
        product=product,
        what="group",
        before=None,
        after=group,
    )


def report(
    *done: tuple[str, str], failed: int = 1, status: str = "partial", requested: int = 100
) -> dict[str, Any]:
    items: list[dict[str, str | None]] = [
        {"key": key, "outcome": "done", "moved_to": group} for key, group in done
    ]
    items += [{"key": f"f{n}", "outcome": "failed", "moved_to": None} for n in range(failed)]
    entry = {
        "requested": requested,
        "account": ACCOUNT.id,
        "status": status,
        "failure_kind": None,
        "done": len(done),
        "failed": failed,
        "items": items,
    }
    return {"accounts": [entry]}


def row(document: dict[str, Any], *record: Change) -> Row:
    (found,) = compare(document, [ACCOUNT], record)
    return found


def test_a_report_that_tells_the_record_as_planned_is_good() -> None:
    found = row(report(("p1", "신규수집")), moved("p1", "신규수집"))

    assert (found.reported, found.recorded, found.failed) == (1, 1, 1)
    assert (found.is_true, found.is_planned) == (True, True)


@pytest.mark.parametrize(
    "record",
    [
        (),
        (moved("p2", "신규수집"),),
        (moved("p1", "삭제X"),),
        (moved("p1", "신규수집"), moved("p2", "신규수집")),
    ],
    ids=["nothing moved", "another product", "another group", "one more"],
)
def test_a_report_that_differs_from_the_record_is_not_true(record: tuple[Change, ...]) -> None:
    assert not row(report(("p1", "신규수집")), *record).is_true


def test_a_true_report_of_something_unplanned_is_told_apart() -> None:
    found = row(report(("p1", "신규수집"), failed=0, status="succeeded"), moved("p1", "신규수집"))

    assert (found.is_true, found.is_planned) == (True, False)


def test_the_plan_holds_only_for_a_quantity_that_reaches_all_products() -> None:
    document = report(("p1", "신규수집"), failed=0, status="succeeded", requested=1)

    assert row(document, moved("p1", "신규수집")).is_planned


def test_the_table_shows_every_account_whole(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([row(report(("p1", "신규수집")), moved("p1", "신규수집"))])

    shown = capsys.readouterr().out
    assert "a@example.com" in shown
    assert "⚠️ 부분 성공" in shown
    assert "\x1b" not in shown
