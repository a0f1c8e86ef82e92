"""일괄 번역 without HTTP: a quota of each day, and products that are done by and by."""

from datetime import timedelta

import pytest

from percenty_batch.sandbox import SandboxAccount, Stock, Translation
from percenty_batch.sandbox.areas.translation import Progress, Translations
from percenty_batch.sandbox.store import Refused, Session, Store
from tests.unit.sandbox.stores import ID, Clock


def open_area(rules: Translation, count: int = 4) -> tuple[Store, Session, Translations, Clock]:
    clock = Clock()
    stock = (Stock(group="서버1", count=count, is_foreign=True),)
    account = SandboxAccount(
        id=ID, password="pw", shapes=(), grouped=0, stock=stock, translation=rules
    )
    store = Store(seed=1, accounts=[account], now=clock)
    return store, store.sign_in(ID, "pw"), store.area(Translations), clock


def keys_of(store: Store) -> list[str]:
    return [product.key for product in store.products(ID)]


def states(store: Store) -> list[str | None]:
    return [product.translation for product in store.products(ID)]


def test_products_are_translated_one_after_the_other_and_each_is_recorded() -> None:
    store, session, area, clock = open_area(Translation(lot_s=4, failing=(4,)))
    area.start(session, keys_of(store))
    assert states(store) == ["running"] * 4

    clock.time += timedelta(seconds=2)
    store.catch_up()
    assert states(store) == ["done", "done", "running", "running"]
    assert area.progress(session) == Progress(total=4, done=2)

    clock.time += timedelta(seconds=2)
    store.catch_up()
    assert states(store) == ["done", "done", "done", "failed"]
    whats = [change.what for change in store.record if change.product]
    assert (whats.count("translation"), whats.count("name")) == (8, 3)


def test_the_quota_is_of_a_day_and_never_exceeded() -> None:
    store, session, area, clock = open_area(Translation(quota=5))
    area.start(session, keys_of(store))
    assert area.left(session) == 1
    with pytest.raises(Refused, match="부족"):
        area.start(session, keys_of(store)[:2])

    clock.time += timedelta(days=1)
    assert area.left(session) == 5


def test_a_start_can_be_refused_by_a_fault_or_hang_for_good() -> None:
    store, session, area, clock = open_area(Translation(errors=(1,), hanging=(2,)))
    with pytest.raises(Refused, match="시작하지 못했습니다"):
        area.start(session, keys_of(store))
    assert area.left(session) == 300

    area.start(session, keys_of(store))
    clock.time += timedelta(hours=1)
    store.catch_up()
    assert states(store) == ["running"] * 4


def test_a_lot_has_one_to_fifty_products() -> None:
    store, session, area, _ = open_area(Translation(), count=51)
    for keys in ([], keys_of(store)):
        with pytest.raises(Refused, match="50개까지"):
            area.start(session, keys)
