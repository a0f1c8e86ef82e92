"""The sandbox's lists without HTTP: what they show, and moves between groups."""

from datetime import timedelta

import pytest

from percenty_batch.sandbox import Faults, SandboxAccount, Shape, Stock
from percenty_batch.sandbox.areas.listing import Query, list_products, move
from percenty_batch.sandbox.store import Refused, Session, Store
from tests.unit.sandbox.stores import ID, key_of, open_store

UNGROUPED = Query(is_grouped=False)


def test_a_list_page_shows_ungrouped_products_newest_first() -> None:
    store, session, _ = open_store(shapes=(Shape(),) * 23)

    total, first = list_products(store, session, UNGROUPED)
    _, second = list_products(store, session, Query(is_grouped=False, page=2))

    assert total == 23
    assert [*first, *second] == list(store.products(ID)[:23])


def test_a_silent_move_is_answered_but_does_not_happen() -> None:
    store, session, _ = open_store(Faults(silent_moves=(1,)))
    key = key_of(store, 0)

    move(store, session, [key], "신규수집")
    assert store.products(ID)[0].group is None
    assert len(store.record) == 1

    move(store, session, [key], "신규수집")
    assert store.products(ID)[0].group == "신규수집"


def test_a_silent_product_never_moves() -> None:
    store, session, _ = open_store(Faults(silent_products=(1,)))

    for _again in range(3):
        move(store, session, [key_of(store, 0), key_of(store, 1)], "신규수집")

    assert [product.group for product in store.products(ID)[:2]] == ["신규수집", None]


def test_a_stale_list_shows_a_moved_product_until_its_time_is_over() -> None:
    store, session, clock = open_store(Faults(stale_list_s=5))
    move(store, session, [key_of(store, 0)], "신규수집")

    assert list_products(store, session, UNGROUPED)[0] == 3
    clock.time += timedelta(seconds=5)
    assert list_products(store, session, UNGROUPED)[0] == 2


def test_a_stale_list_is_mended_by_a_refresh() -> None:
    store, session, _ = open_store(Faults(stale_list_s=5))
    move(store, session, [key_of(store, 0)], "신규수집")

    refreshed = Query(is_grouped=False, is_refresh=True)
    assert list_products(store, session, refreshed)[0] == 2
    assert list_products(store, session, UNGROUPED)[0] == 2


def test_what_is_uploaded_leaves_the_collected_products_and_keeps_its_group() -> None:
    store, session = open_stocked(
        Stock(group="쇼핑몰A1", count=2, markets=("ss",)), Stock(group="쇼핑몰A1", code="G03")
    )
    counted = {
        Query(is_collected=True): 1,
        Query(): 3,
        Query(status="미업로드"): 1,
        Query(status="미업로드", markets=("cp",)): 3,
        Query(status="판매중"): 2,
        Query(status="판매중", markets=("ss",)): 2,
        Query(status="판매중", markets=("cp",)): 0,
        Query(status="품절"): 0,
    }
    assert {query: list_products(store, session, query)[0] for query in counted} == counted


def test_a_search_is_for_names_and_a_loose_one_for_memos_too() -> None:
    stock = (Stock(group="신규수집", code="G03"), Stock(group="신규수집", code="H16", count=2))
    store, session = open_stocked(*stock)
    found = Query(group="신규수집", keyword=" h16 ")
    assert list_products(store, session, found)[0] == 2

    provider = store.products(ID)[0].memo.rsplit("-", 1)[1]
    store, session = open_stocked(*stock, faults=Faults(has_loose_search=True))
    names = [p.name for p in list_products(store, session, Query(keyword=provider))[1]]
    assert any("G03" in name for name in names)


def test_the_nth_list_is_answered_by_an_error() -> None:
    store, session, _ = open_store(Faults(list_errors=(2,)))
    list_products(store, session, UNGROUPED)
    with pytest.raises(Refused, match="불러오지 못했습니다"):
        list_products(store, session, UNGROUPED)
    assert list_products(store, session, UNGROUPED)[0] == 3


def open_stocked(*stock: Stock, faults: Faults | None = None) -> tuple[Store, Session]:
    account = SandboxAccount(
        id=ID, password="pw", shapes=(), grouped=0, stock=stock, faults=faults or Faults()
    )
    store = Store(seed=1, accounts=[account])
    return store, store.sign_in(ID, "pw")
