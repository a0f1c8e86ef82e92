"""마켓 설정: what an account has connected, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from percenty_batch.sandbox.store import Refused, Session, Store, Unanswered

# Each market with its inputs; `ss` is connected by a browser extension, not by a key.
FIELDS = {
    "cp": ("id", "code", "access", "secret"),
    "ss": ("id",),
    "esm": ("auction", "gmarket"),
    "est": ("api",),
    "est_global": ("api",),
    "lotteon": ("api",),
    "kakao": ("api", "url"),
    "ip": ("api",),
    "wmp": ("api",),
}
CARRIERS = ("CJ대한통운", "한진택배", "롯데(현대)택배", "우체국택배", "로젠택배", "경동택배")
_CONNECTED_AT_FIRST = ("cp", "est", "kakao")
_EXTENSION = frozenset({"ss"})
_BAD_KEY = "API 검증에 실패했습니다. API 키를 확인해 주세요."
_ERROR = "일시적인 오류가 발생했습니다."


@dataclass(slots=True, kw_only=True)
class Market:
    """One market of an account. `carrier` is that of 11번가's delivery profile."""

    values: dict[str, str] = field(default_factory=dict)
    is_verified: bool = False
    carrier: str | None = None


@dataclass(slots=True, kw_only=True)
class Desk:
    """One account's markets, and how often something was asked of them."""

    markets: dict[str, Market]
    verifications: int = 0
    disconnections: int = 0


class Markets:
    """All accounts' desks."""

    def __init__(self, _store: Store) -> None:
        self._desks: dict[str, Desk] = {}

    def desk(self, account_id: str) -> Desk:
        if account_id not in self._desks:
            markets = {key: _at_first(key, account_id) for key in FIELDS}
            self._desks[account_id] = Desk(markets=markets)
        return self._desks[account_id]


def desk(store: Store, session: Session) -> Desk:
    """Give the markets of whoever is signed in."""
    return store.area(Markets).desk(session.account.id)


def market(store: Store, session: Session, key: str) -> Market:
    """Find a market by its tab's key."""
    found = desk(store, session).markets.get(key)
    if found is None:
        raise Refused(404, "not_found", "마켓을 찾을 수 없습니다.")
    return found


def connected(store: Store, session: Session) -> frozenset[str]:
    """Tell which markets an upload can reach."""
    markets = desk(store, session).markets
    return frozenset(key for key, each in markets.items() if each.is_verified)


def disconnect(store: Store, session: Session, key: str) -> bool:
    """Forget a market's keys and profile; True when its dialog is to stay, by a fault."""
    here, faults = desk(store, session), session.account.faults.markets
    before = market(store, session, key)
    here.disconnections += 1
    if here.disconnections in faults.disconnection_errors:
        raise Refused(500, "site_error", _ERROR)
    if here.disconnections not in faults.silent_disconnections:
        here.markets[key] = Market()
        store.note(session, None, f"market:{key}", _told(before), None)
    return here.disconnections in faults.staying_dialogs


def verify(store: Store, session: Session, key: str, values: Mapping[str, str]) -> None:
    """Keep a market's keys when the market knows them."""
    here, faults = desk(store, session), session.account.faults.markets
    given = {name: str(values.get(name, "")).strip() for name in FIELDS[key]}
    here.verifications += 1
    if here.verifications in faults.verification_errors:
        raise Refused(500, "site_error", _ERROR)
    if set(given.values()) & set(faults.silent_keys):
        raise Unanswered
    if (
        key in _EXTENSION
        or not any(given.values())
        or set(given.values()) & set(faults.refused_keys)
    ):
        store.note(session, None, f"market:{key}", None, "refused")
        raise Refused(400, "bad_key", _BAD_KEY)
    before = market(store, session, key)
    after = Market(values=given, is_verified=True, carrier=before.carrier)
    here.markets[key] = after
    store.note(session, None, f"market:{key}", _told(before), _told(after))


def add_profile(store: Store, session: Session, carrier: str) -> None:
    """Make 11번가's delivery profile."""
    eleventh = market(store, session, "est")
    if not eleventh.is_verified:
        raise Refused(
            400, "not_connected", "API 검증을 먼저 진행해 주세요. 연결된 마켓이 없습니다."
        )
    if carrier not in CARRIERS:
        raise Refused(400, "no_carrier", "출고 택배사를 선택해 주세요.")
    before, eleventh.carrier = eleventh.carrier, carrier
    store.note(session, None, "market:est:profile", before, carrier)


def _at_first(key: str, account_id: str) -> Market:
    if key not in _CONNECTED_AT_FIRST:
        return Market()
    values = {name: f"old-{key}-{name}-{account_id.split('@')[0]}" for name in FIELDS[key]}
    return Market(values=values, is_verified=True)


def _told(told: Market) -> tuple[str, ...] | None:
    return tuple(filter(None, told.values.values())) or None
