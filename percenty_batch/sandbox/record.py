"""The sandbox's own account of everything that happened: the truth for reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Value = str | int | float | bool | None | tuple[str, ...] | tuple[float, ...]

NOT_EDITS = frozenset({"sign_in", "group", "deleted", "copied", "translated", "translation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that happened.

    `what` is a product field (`name`, `memo`, `is_memo_shown`, `detail_html`, `image_count`,
    `options`, `thumbnails`, `detail_images`, `disclosure:<label>` …), `group` (a move), `deleted`,
    `copied` (`after` is the copy's key), `translated` (an image, not yet saved),
    `translation` (of the texts; `after` is "running", "done" or "failed"), or `sign_in` (`product`
    None; `after` is "ok" or the kind of refusal). `sign_in` counts from 1 over the whole site; `at`
    is aware.
    """

    at: datetime
    sign_in: int
    account: str
    product: str | None
    what: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSummary:
    """What really became of one account's products. `moved` maps key to final group."""

    sign_ins: int
    edited: frozenset[str]
    moved: dict[str, str | None]
    deleted: frozenset[str]


def record_summary(record: Iterable[Change]) -> dict[str, AccountSummary]:
    """Sum the record up by account."""
    by_account: dict[str, list[Change]] = {}
    for change in record:
        by_account.setdefault(change.account, []).append(change)
    return {account: _summary(changes) for account, changes in by_account.items()}


def _summary(changes: list[Change]) -> AccountSummary:
    return AccountSummary(
        sign_ins=sum(change.what == "sign_in" and change.after == "ok" for change in changes),
        edited=frozenset(
            change.product for change in changes if change.product and change.what not in NOT_EDITS
        ),
        moved={
            change.product: None if change.after is None else str(change.after)
            for change in changes
            if change.product and change.what == "group"
        },
        deleted=frozenset(
            change.product for change in changes if change.product and change.what == "deleted"
        ),
    )
