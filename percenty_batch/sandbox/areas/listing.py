"""The lists of products: what they show, and moves between groups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from percenty_batch.sandbox.store import Refused, Seller, Session, Store
from percenty_batch.sandbox.world import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list shows. `group` None: all groups; `is_refresh` passes by a stale list."""

    is_grouped: bool
    group: str | None = None
    page: int = 1
    size: int = 20
    is_refresh: bool = False


def list_products(store: Store, session: Session, query: Query) -> tuple[int, tuple[Product, ...]]:
    """Answer a list page: the total, and the products of the page."""
    rows = [
        product
        for product in _listed(store, session, is_refresh=query.is_refresh)
        if (product.group is not None) == query.is_grouped and query.group in (None, product.group)
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
