"""The lists of products: what they show, and moves between groups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from percenty_batch.sandbox.accounts import SandboxAccount
from percenty_batch.sandbox.store import Refused, Seller, Session, Store
from percenty_batch.sandbox.world import Product

NO_GROUP = "그룹 없음"
NOT_UPLOADED, ON_SALE = "미업로드", "판매중"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list shows. None leaves all; `is_refresh` passes by a stale list.

    `is_collected`: only what is uploaded nowhere, as 신규 상품 등록 shows it. `status` is of the
    chosen `markets`, or of all when none is chosen.
    """

    is_grouped: bool | None = None
    is_collected: bool = False
    group: str | None = None
    keyword: str = ""
    status: str | None = None
    markets: tuple[str, ...] = ()
    page: int = 1
    size: int = 20
    is_refresh: bool = False


def list_products(store: Store, session: Session, query: Query) -> tuple[int, tuple[Product, ...]]:
    """Answer a list page: the total, and the products of the page."""
    seller = store.seller(session)
    seller.lists += 1
    if seller.lists in session.account.faults.list_errors:
        raise Refused(500, "site_error", "목록을 불러오지 못했습니다.")
    rows = [
        product
        for product in _listed(store, session, is_refresh=query.is_refresh)
        if _is_wanted(query, product) and _is_found(session.account, query.keyword, product)
    ]
    start = (query.page - 1) * query.size
    return len(rows), tuple(rows[start : start + query.size])


def move(store: Store, session: Session, keys: Sequence[str], group: str | None) -> None:
    """Move products to a group, or out of all; a fault may let it silently not happen."""
    if group is not None and group not in store.groups(session.account):
        raise Refused(400, "unknown_group", "그룹을 찾을 수 없습니다.")
    seller = store.seller(session)
    faults = session.account.faults
    _freeze(store, seller)
    for key in keys:
        product = store.product(session, key)
        seller.moves += 1
        is_silent = seller.moves in faults.silent_moves or key in seller.at(faults.silent_products)
        if product.group != group and not is_silent:
            after = replace(product, group=group)
            store.put(session, after, "group", product.group, group)


def _is_wanted(query: Query, product: Product) -> bool:
    return (
        query.is_grouped in (None, product.group is not None)
        and query.group in (None, product.group or NO_GROUP)
        and not (query.is_collected and product.markets)
        and _has_status(query, product)
    )


def _has_status(query: Query, product: Product) -> bool:
    if query.status is None:
        return True
    if query.status == NOT_UPLOADED:
        return not (set(query.markets) & set(product.markets) if query.markets else product.markets)
    is_there = bool(set(query.markets or product.markets) & set(product.markets))
    return query.status == ON_SALE and is_there


def _is_found(account: SandboxAccount, keyword: str, product: Product) -> bool:
    text = f"{product.name} {product.memo}" if account.faults.has_loose_search else product.name
    return keyword.strip().casefold() in text.casefold()


def _freeze(store: Store, seller: Seller) -> None:
    seconds = seller.account.faults.stale_list_s
    if seconds:
        seller.listed = tuple(seller.products.values())
        seller.listed_until = store.now() + timedelta(seconds=seconds)


def _listed(store: Store, session: Session, *, is_refresh: bool) -> tuple[Product, ...]:
    seller = store.seller(session)
    is_stale = seller.listed_until is not None and store.now() < seller.listed_until
    if is_stale and not is_refresh:
        return seller.listed
    seller.listed_until = None
    return tuple(seller.products.values())
