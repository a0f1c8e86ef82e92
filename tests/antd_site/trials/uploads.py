"""Step 6_1: a shop group's markets connected by its row's keys, and its products uploaded."""

from pathlib import Path

from percenty_batch.accounts import AccountInputs, MarketRow
from tests.antd_site.options import Faults, Lot, Options, SiteAccount
from tests.antd_site.trials.checks import differs
from tests.antd_site.trials.trial import EMAIL, PASSWORD, Seen, Trial, run_step

_FAILING = 3  # the third upload of all


def _row(number: int, group: str, key: str | None, talk: str | None = None) -> MarketRow:
    return MarketRow(
        row=number,
        account_id=EMAIL,
        group=group,
        store11_api=key,
        global11_api=None,
        auction_id=None,
        gmarket_id=None,
        talkstore_api=talk,
        talkstore_url="https://talk.example.com" if talk else None,
        smartstore_api=None,
    )


_ROWS = (
    _row(2, "쇼핑몰A1", "KEY-A1", "TALK-A1"),
    _row(3, "쇼핑몰B1", "KEY-B1"),
    _row(4, "쇼핑몰C1", None),
)


def _run(_number: int, options: Options, folder: Path) -> list[str]:
    lots = tuple(
        Lot(group=group, count=count)
        for group, count in (("쇼핑몰A1", 52), ("쇼핑몰B1", 2), ("쇼핑몰C1", 1), ("쇼핑몰D1", 2))
    )
    seller = SiteAccount(
        email=EMAIL,
        password=PASSWORD,
        product_count=1,
        lots=lots,
        connected=("cp", "ss", "esm", "est", "kakao"),
        faults=Faults(failing_uploads=frozenset({_FAILING})),
    )
    inputs = AccountInputs(place="계정", markets=_ROWS)
    return _disagreements(run_step("6_1", seller, options, folder, inputs=inputs))


def _disagreements(seen: Seen) -> list[str]:
    keys = {
        "쇼핑몰A1": {
            "est": {"API KEY": "KEY-A1"},
            "kakao": {"인증키": "TALK-A1", "스토어 URL": "https://talk.example.com"},
        },
        "쇼핑몰B1": {"est": {"API KEY": "KEY-B1"}},
    }
    told = {item.key: item for item in seen.job.items}
    found = []
    for group, wanted in keys.items():
        there = {p.id for p in seen.before.values() if p.group == group}
        uploaded = {c.product: c.after for c in seen.changes("uploaded") if c.product in there}
        item = told.get(group)
        found += differs(f"{group} amount", item and item.amount, len(uploaded))
        found += differs(f"{group} keys", [k for k in uploaded.values() if k != wanted], [])
        refused = {change.product for change in seen.changes("upload_failed")}
        found += differs(f"{group} left", there - set(uploaded), there & refused)
    outside = {p.id for p in seen.before.values() if p.group not in keys}
    row = told.get("쇼핑몰C1")
    return [
        *found,
        *differs("touched", {c.product for c in seen.record} & outside, set()),
        *differs("uploads", len(seen.changes("uploaded")), len({*_uploaded(seen)})),
        *differs("aborted", seen.changes("upload_aborted"), []),
        *differs("row without keys", row and row.outcome, "skipped"),
        *differs("deleted or moved", [c for c in seen.record if c.what in _FORBIDDEN], []),
    ]


def _uploaded(seen: Seen) -> list[str]:
    return [change.product for change in seen.changes("uploaded")]


_FORBIDDEN = ("deleted", "group", "deleted_in_markets", "upload_forgotten")

STEP6 = Trial(
    name="6_1",
    settings=(
        *("market_badges", "market_labels", "market_panes", "market_question", "market_idle"),
        *("market_input", "toasts", "button_icons", "closed_dialogs", "menu", "list_refresh"),
        *("upload_question", "upload_markets", "upload_table", "upload_table_rows"),
        *("header_select", "selection_after", "old_rows", "filter_memory"),
    ),
    run=_run,
)
