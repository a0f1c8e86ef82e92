"""마켓 설정 on the server: the keys of nine markets, their verification and delivery profiles."""

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tests.antd_site.world import RefusedError

if TYPE_CHECKING:
    from tests.antd_site.store import Store

# Key: (name, names of the inputs in their order).
MARKETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "cp": ("쿠팡", ("업체코드", "Access Key", "Secret Key")),
    "ss": ("스마트스토어", ("애플리케이션 ID", "애플리케이션 시크릿")),
    "esm": ("옥션/G마켓 (ESM 2.0)", ("옥션 판매자 ID", "G마켓 판매자 ID")),
    "est": ("11번가-일반", ("API KEY",)),
    "est_global": ("11번가-글로벌", ("API KEY",)),
    "lotteon": ("롯데온", ("거래처번호", "API KEY")),
    "kakao": ("톡스토어", ("인증키", "스토어 URL")),
    "ip": ("인터파크", ("업체번호", "API KEY")),
    "wmp": ("위메프", ("API KEY",)),
}


@dataclass(slots=True, kw_only=True)
class Market:
    """One market's settings; it is connected while it has been verified."""

    key: str
    name: str
    values: dict[str, str]
    is_verified: bool = False
    profiles: list[str] = field(default_factory=list)


class Markets:
    """The account's markets; every change of them is noted in the record."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._all = {key: self._seeded(key) for key in MARKETS}

    def _seeded(self, key: str) -> Market:
        name, labels = MARKETS[key]
        is_connected = key in self._store.account.connected
        values = {label: f"old-{key}-{n}" if is_connected else "" for n, label in enumerate(labels)}
        profiles = ["CJ대한통운"] if is_connected and key == "est" else []
        return Market(
            key=key, name=name, values=values, is_verified=is_connected, profiles=profiles
        )

    def all(self) -> list[dict[str, Any]]:
        return [asdict(market) for market in self._all.values()]

    def connected(self) -> dict[str, Market]:
        return {key: market for key, market in self._all.items() if market.is_verified}

    def disconnect(self, sign_in: int, key: str) -> dict[str, Any]:
        market = self._find(key)
        before = dict(market.values)
        market.values = dict.fromkeys(before, "")
        market.is_verified, market.profiles = False, []
        self._store.note(sign_in, f"market:{key}", "disconnected", before, None)
        return asdict(market)

    def verify(self, sign_in: int, key: str, values: dict[str, str]) -> dict[str, Any]:
        """Take the keys and try them; raises RefusedError for a missing or a rejected one."""
        market = self._find(key)
        if market.is_verified:
            raise RefusedError(400, "connected", "먼저 API 연결을 끊어주세요.")
        before, market.values = (
            market.values,
            {name: values.get(name, "") for name in market.values},
        )
        rejected = self._store.account.faults.rejected_keys & set(market.values.values())
        if rejected or not all(market.values.values()):
            raise RefusedError(400, "key", "API 검증에 실패했습니다. 입력값을 확인해주세요.")
        market.is_verified = True
        self._store.note(sign_in, f"market:{key}", "verified", before, dict(market.values))
        return asdict(market)

    def add_profile(self, sign_in: int, key: str, carrier: str) -> dict[str, Any]:
        market = self._find(key)
        if not market.is_verified:
            raise RefusedError(400, "not_connected", "API 검증을 먼저 진행해주세요.")
        market.profiles.append(carrier)
        self._store.note(sign_in, f"market:{key}", "profile", None, carrier)
        return asdict(market)

    def _find(self, key: str) -> Market:
        if key not in self._all:
            raise RefusedError(404, "no_market", "마켓을 찾을 수 없습니다.")
        return self._all[key]
