"""Which markets a row of the sheet `market_id` can be connected to, and with what."""

from dataclasses import dataclass, field

from percenty_batch.accounts import MarketRow
from percenty_batch.percenty import (
    COUPANG,
    ELEVENTH,
    ELEVENTH_GLOBAL,
    ESM,
    LOTTEON,
    SMARTSTORE,
    TALKSTORE,
    Market,
)

# Those that a row may have connected before (percenty-steps, step 6_1): none of them may stay,
# or the products of this row's shop would go to another shop as well.
DISCONNECTED = (SMARTSTORE, COUPANG, ESM, ELEVENTH, ELEVENTH_GLOBAL, LOTTEON, TALKSTORE)
SMARTSTORE_NOT_OFFERED = (
    "스마트스토어는 크롬 확장 프로그램과 네이버 로그인이 있어야 하여 연결하지 않습니다"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A market, and its keys by the keys of its fields. They are never in the repr."""

    market: Market
    values: dict[str, str] = field(repr=False)


def connections(row: MarketRow) -> tuple[Connection, ...]:
    """Give the markets that the row has keys for, in the order in which they are connected."""
    given = (
        (ELEVENTH, {"api": row.store11_api}),
        (TALKSTORE, {"api": row.talkstore_api, "url": row.talkstore_url}),
        (ELEVENTH_GLOBAL, {"api": row.global11_api}),
        (ESM, {"auction": row.auction_id, "gmarket": row.gmarket_id}),
    )
    return tuple(
        Connection(market=market, values=values)
        for market, keys in given
        if (values := {name: key for name, key in keys.items() if key})
    )
