"""Edits of a product without HTTP: what the sandbox takes, and that it records all of it."""

import pytest

from percenty_batch.sandbox import Faults, Shape
from percenty_batch.sandbox.areas import editing
from percenty_batch.sandbox.areas.listing import move
from percenty_batch.sandbox.store import Refused
from tests.unit.sandbox.stores import ID, key_of, open_store


def test_an_edit_is_recorded_with_product_before_after_time_and_sign_in() -> None:
    store, session, clock = open_store()
    product = store.products(ID)[0]

    editing.save(
        store, session, product.key, {"memo": "new", "is_memo_shown": product.is_memo_shown}
    )

    change = store.record[-1]
    assert (change.product, change.what) == (product.key, "memo")
    assert (change.before, change.after) == (product.memo, "new")
    assert (change.at, change.sign_in) == (clock.time, session.number)
    assert len(store.record) == 2


def test_every_kind_of_edit_leaves_its_line() -> None:
    store, session, _ = open_store()
    product = store.products(ID)[0]

    editing.save(store, session, product.key, {"name": "새 이름"})
    editing.save(store, session, product.key, {"disclosure": {"모델명": "M1"}})
    editing.delete_image(store, session, product.key, product.images[-1])
    twin = editing.copy(store, session, product.key)
    move(store, session, [product.key], "신규수집")
    editing.delete(store, session, product.key)

    lines = [(change.what, change.before, change.after) for change in store.record[1:]]
    assert lines == [
        ("name", product.name, "새 이름"),
        ("disclosure:모델명", "", "M1"),
        ("image_count", 6, 5),
        ("copied", None, twin.key),
        ("group", None, "신규수집"),
        ("deleted", "새 이름", None),
    ]
    assert store.products(ID)[0] == twin


def test_a_duplicate_name_is_refused_and_changes_nothing() -> None:
    store, session, _ = open_store()
    first, second = store.products(ID)[:2]

    with pytest.raises(Refused, match=r"이미 존재하는 상품명입니다\.\(-1\)"):
        editing.save(store, session, first.key, {"name": second.name.replace(" ", "  ")})

    assert store.products(ID)[0] == first
    assert len(store.record) == 1


@pytest.mark.parametrize("name", ["", "가" * 51])
def test_a_name_has_one_to_fifty_letters(name: str) -> None:
    store, session, _ = open_store()

    with pytest.raises(Refused, match="50자"):
        editing.save(store, session, key_of(store, 0), {"name": name})


def test_fields_and_groups_that_do_not_exist_are_refused() -> None:
    store, session, _ = open_store(shapes=(Shape(has_model=False),))
    key = key_of(store, 0)

    with pytest.raises(Refused, match="알 수 없는 항목"):
        editing.save(store, session, key, {"key": "0" * 24})
    with pytest.raises(Refused, match="알 수 없는 항목"):
        editing.save(store, session, key, {"disclosure": {"모델명": "M1"}})
    with pytest.raises(Refused, match="그룹을 찾을 수 없습니다"):
        move(store, session, [key], "없는 그룹")
    with pytest.raises(Refused, match="상품을 찾을 수 없습니다"):
        move(store, session, ["0" * 24], "신규수집")


def test_the_nth_save_fails_and_only_that_one() -> None:
    store, session, _ = open_store(Faults(save_errors=(2,)))
    key = key_of(store, 0)

    editing.save(store, session, key, {"memo": "1"})
    with pytest.raises(Refused, match="저장에 실패"):
        editing.save(store, session, key, {"memo": "2"})
    assert editing.save(store, session, key, {"memo": "3"}).memo == "3"


def test_a_broken_product_takes_no_save_at_all() -> None:
    store, session, _ = open_store(Faults(broken_products=(1,)))
    editing.save(store, session, key_of(store, 0), {"memo": "1"})

    for _again in range(2):
        with pytest.raises(Refused, match="저장에 실패"):
            editing.save(store, session, key_of(store, 1), {"memo": "1"})
