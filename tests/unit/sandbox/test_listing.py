"""The sandbox's lists without HTTP: what they show, and moves between groups."""

from datetime import timedelta

from percenty_batch.sandbox import Faults, Shape
from percenty_batch.sandbox.areas.listing import Query, list_products, move
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
