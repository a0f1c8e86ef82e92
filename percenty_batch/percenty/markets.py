"""The nine markets of 마켓 설정, and the fields that their keys go into (percenty-site §9)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketField:
    """One key of a market. `label` tells its input from the market's other ones."""

    key: str
    label: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """One market. `key` is its tab's `data-node-key` [H] and its checkbox in the dialogs [S].

    `fields` stand in the order in which the inputs are assumed to stand where no label helps.
    """

    key: str
    label: str
    fields: tuple[MarketField, ...] = ()


def _field(key: str, label: str) -> MarketField:
    return MarketField(key=key, label=re.compile(label, re.IGNORECASE))


# The labels of the inputs were never recorded, nor was how many a market has: what stands here
# is an assumption, and so is the order (percenty-steps, step 6_1, names the workbook's keys).
_API = _field("api", r"API|키|key|인증")
COUPANG = Market(key="cp", label="쿠팡")
SMARTSTORE = Market(key="ss", label="스마트스토어")
ESM = Market(
    key="esm",
    label="옥션/G마켓 (ESM 2.0)",
    fields=(_field("auction", r"옥션|auction"), _field("gmarket", r"G\s*마켓|지마켓|gmarket")),
)
ELEVENTH = Market(key="est", label="11번가-일반", fields=(_API,))
ELEVENTH_GLOBAL = Market(key="est_global", label="11번가-글로벌", fields=(_API,))
LOTTEON = Market(key="lotteon", label="롯데온")
TALKSTORE = Market(
    key="kakao",
    label="톡스토어",
    fields=(_field("api", r"API|키|key|인증"), _field("url", r"URL|주소|링크")),
)
INTERPARK = Market(key="ip", label="인터파크")
WEMAKEPRICE = Market(key="wmp", label="위메프")

MARKETS = (
    COUPANG,
    SMARTSTORE,
    ESM,
    ELEVENTH,
    ELEVENTH_GLOBAL,
    LOTTEON,
    TALKSTORE,
    INTERPARK,
    WEMAKEPRICE,
)


def field_positions(labels: Sequence[str], fields: Sequence[MarketField]) -> tuple[int, ...] | None:
    """Say which input takes which field, by the inputs' labels; None when there are too few.

    By label where exactly one input has it for every field; else by their order, which is the
    assumption told above.
    """
    if len(labels) < len(fields):
        return None
    fitting = [
        [position for position, label in enumerate(labels) if field.label.search(label)]
        for field in fields
    ]
    found = tuple(positions[0] for positions in fitting if len(positions) == 1)
    if len(set(found)) == len(fields):
        return found
    return tuple(range(len(fields)))
