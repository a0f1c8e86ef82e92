"""Uploading products to markets, and taking them down again; one product at a time."""

from collections.abc import Collection
from dataclasses import replace
from typing import Literal

from percenty_batch.sandbox.areas.markets import connected
from percenty_batch.sandbox.store import Refused, Session, Store, Unanswered
from percenty_batch.sandbox.world import Product

Scope = Literal["everywhere", "markets", "upload_info"]
_REASON = "[{market}] 카테고리 필수 속성이 누락되어 등록할 수 없습니다."


class Uploads:
    """How many products were uploaded for each account, tries included."""

    def __init__(self, _store: Store) -> None:
        self.tries: dict[str, int] = {}


def upload(store: Store, session: Session, key: str, markets: Collection[str]) -> Product:
    """Put one product on markets; it leaves 신규 상품 등록 and keeps its group."""
    product = store.product(session, key)
    if not markets or not set(markets) <= connected(store, session):
        raise Refused(400, "not_connected", "연결되지 않은 마켓입니다.")
    faults = session.account.faults.markets
    tries = store.area(Uploads).tries
    tries[session.account.id] = number = tries.get(session.account.id, 0) + 1
    if number in faults.silent_uploads:
        raise Unanswered
    if number in faults.upload_errors:
        raise Refused(500, "site_error", "일시적인 오류가 발생했습니다.")
    if _is_unsellable(store, session, product):
        store.note(session, key, "upload_refused", None, tuple(sorted(markets)))
        raise Refused(400, "unsellable", _REASON.format(market=min(markets)))
    if number not in faults.lost_uploads:
        after = replace(product, markets=tuple(sorted({*product.markets, *markets})))
        store.put(session, after, "markets", product.markets, after.markets)
    return store.product(session, key)


def delete(
    store: Store, session: Session, key: str, scope: Scope, markets: Collection[str]
) -> None:
    """Delete a product everywhere, from markets, or only what is known of its upload."""
    product = store.product(session, key)
    if scope == "everywhere":
        del store.seller(session).products[key]
        store.note(session, key, "deleted", product.name, None)
        return
    left = tuple(market for market in product.markets if market not in markets)
    what = "taken_down" if scope == "markets" else "upload_info"
    if left != product.markets:
        store.put(session, replace(product, markets=left), what, product.markets, left)


def _is_unsellable(store: Store, session: Session, product: Product) -> bool:
    """The oldest of a group may be such that no market takes it."""
    members = [each.key for each in store.products(session.account.id)]
    group = [key for key in members if store.product(session, key).group == product.group]
    count = session.account.faults.markets.unsellable_per_group
    return count > 0 and product.key in group[-count:]
