"""The sheet `market_id`: one shop group and the markets' keys for it in each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from percenty_batch.accounts.groups import SHOP_GROUPS, find_group
from percenty_batch.accounts.table import (
    CellError,
    Problems,
    Row,
    Table,
    read_cell,
    require_columns,
    required,
)
from percenty_batch.models import account_key

SHEET = "market_id"
EXAMPLE = ("id", "groupname")

# The columns of Coupang, cafe24 and Naver's own sign-in serve steps that are not offered: what
# is never read is never leaked.
_KEYS = (
    "11store_api",
    "11global_api",
    "auction_id",
    "gmarket_id",
    "talkstore_api",
    "talkstore_url",
    "smartstore_api",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRow:
    """One row; None for a market that it does not name. API keys are never in the repr.

    `store11` is 11번가, `global11` 11번가-글로벌; the rest are called as their columns.
    """

    row: int
    account_id: str
    group: str
    store11_api: str | None = field(repr=False)
    global11_api: str | None = field(repr=False)
    auction_id: str | None
    gmarket_id: str | None
    talkstore_api: str | None = field(repr=False)
    talkstore_url: str | None
    smartstore_api: str | None = field(repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        keys = (self.store11_api, self.global11_api, self.talkstore_api, self.smartstore_api)
        return tuple(key for key in keys if key)


def read_markets(
    table: Table, account_ids: Sequence[str], problems: Problems
) -> tuple[MarketRow, ...]:
    """Read the rows in the workbook's order, those without a problem.

    Without any `account_ids` nobody knows the accounts, and the owners are not checked.
    """
    require_columns(table, ("groupname", *_KEYS), problems)
    known = {account_key(each): each for each in account_ids}
    rows = tuple(filter(None, (_market_row(row, known, problems) for row in table.rows)))
    _refuse_twins(rows, problems)
    return rows


def _market_row(row: Row, known: Mapping[str, str], problems: Problems) -> MarketRow | None:
    def account_id(text: str) -> str:
        key = account_key(required(text))
        if known and key not in known:
            raise CellError(f"{text!r}: login_id 시트에 없는 계정입니다")
        return known.get(key, text)

    owner = read_cell(row, "id", account_id, problems)
    group = read_cell(row, "groupname", _shop_group, problems)
    keys = {column: read_cell(row, column, _key, problems) for column in _KEYS}
    if bool(keys["talkstore_api"]) != bool(keys["talkstore_url"]):
        problems.add(row.number, "talkstore_api 열과 talkstore_url 열은 함께 채우세요")
    if owner is None or group is None:
        return None
    return MarketRow(
        row=row.number,
        account_id=owner,
        group=group,
        store11_api=keys["11store_api"],
        global11_api=keys["11global_api"],
        auction_id=keys["auction_id"],
        gmarket_id=keys["gmarket_id"],
        talkstore_api=keys["talkstore_api"],
        talkstore_url=keys["talkstore_url"],
        smartstore_api=keys["smartstore_api"],
    )


def _refuse_twins(rows: Sequence[MarketRow], problems: Problems) -> None:
    first_seen: dict[tuple[str, str], int] = {}
    for row in rows:
        number = first_seen.setdefault((row.account_id, row.group), row.row)
        if number != row.row:
            problems.add(
                row.row,
                f"id {row.account_id!r}, groupname {row.group!r}: {number}행에 이미 있습니다",
            )


def _shop_group(text: str) -> str:
    group = find_group(required(text))
    if group not in SHOP_GROUPS:
        raise CellError(f"{text!r}: 쇼핑몰 그룹이 아닙니다")
    return group


def _key(text: str) -> str | None:
    """Take a key as it stands. The messages never show it."""
    if any(character.isspace() or not character.isprintable() for character in text):
        raise CellError("값 안에 빈칸이나 보이지 않는 글자가 있습니다")
    return text or None
