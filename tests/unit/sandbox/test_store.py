"""The sandbox without HTTP: what it refuses, what it takes, and that it records all of it."""

from datetime import UTC, datetime, timedelta

import pytest

from percenty_batch.sandbox import Faults, SandboxAccount, Shape
from percenty_batch.sandbox.store import Query, Refused, Session, Store, Unanswered

UNGROUPED = Query(is_grouped=False)
ID = "a@example.com"


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def open_store(
    faults: Faults | None = None, shapes: tuple[Shape, ...] = (Shape(), Shape(), Shape())
) -> tuple[Store, Session, Clock]:
    clock = Clock()
    account = SandboxAccount(id=ID, password="pw", shapes=shapes, faults=faults or Faults())
    store = Store(seed=1, accounts=[account], now=clock)
    return store, store.sign_in(ID, "pw"), clock


def key_of(store: Store, position: int) -> str:
    return store.products(ID)[position].key


@pytest.mark.parametrize(
    ("faults", "password", "kind"),
    [
        (Faults(), "other", "wrong_password"),
        (Faults(refusal="wrong_password"), "pw", "wrong_password"),
        (Faults(refusal="locked"), "pw", "locked"),
        (Faults(refusal="captcha"), "pw", "captcha"),
    ],
)
def test_a_refused_sign_in_is_told_and_recorded_by_its_kind(
    faults: Faults, password: str, kind: str
) -> None:
    store = Store(seed=1, accounts=[SandboxAccount(id=ID, password="pw", faults=faults)])

    with pytest.raises(Refused) as refused:
        store.sign_in(ID, password)

    assert refused.value.kind == kind
    assert [(change.what, change.after) for change in store.record] == [("sign_in", kind)]


def test_an_unknown_email_is_refused() -> None:
    with pytest.raises(Refused, match="등록되지 않은"):
        Store(seed=1, accounts=[]).sign_in("nobody@example.com", "pw")


def test_the_first_sign_ins_can_fail_with_500() -> None:
    account = SandboxAccount(id=ID, password="pw", faults=Faults(sign_in_errors=1))
    store = Store(seed=1, accounts=[account])

    with pytest.raises(Refused) as refused:
        store.sign_in(ID, "pw")

    assert refused.value.status == 500
    assert store.sign_in(ID, "pw").account is account


def test_a_token_that_nobody_signed_in_with_is_worth_nothing() -> None:
    store, session, _ = open_store()

    assert store.session(session.token) is session
    with pytest.raises(Refused, match="로그인이 필요"):
        store.session("forged")


def test_a_session_expires_after_so_many_calls_and_the_next_sign_in_lasts() -> None:
    store, session, _ = open_store(Faults(session_expires_after=2))
    for _call in range(2):
        store.session(session.token)

    with pytest.raises(Refused, match="만료"):
        store.session(session.token)

    second = store.sign_in(ID, "pw")
    assert [store.session(second.token) for _call in range(5)] == [second] * 5


def test_a_hanging_account_answers_so_many_calls_and_then_none() -> None:
    store, session, _ = open_store(Faults(hangs_after=2))
    store.session(session.token)

    with pytest.raises(Unanswered):
        store.session(session.token)


def test_a_list_page_shows_ungrouped_products_newest_first() -> None:
    store, session, _ = open_store(shapes=(Shape(),) * 23)

    total, first = store.list_products(session, UNGROUPED)
    _, second = store.list_products(session, Query(is_grouped=False, page=2))

    assert total == 23
    assert [*first, *second] == list(store.products(ID)[:23])


def test_an_edit_is_recorded_with_product_before_after_time_and_sign_in() -> None:
    store, session, clock = open_store()
    product = store.products(ID)[0]

    store.save(session, product.key, {"memo": "new", "is_memo_shown": product.is_memo_shown})

    change = store.record[-1]
    assert (change.product, change.what) == (product.key, "memo")
    assert (change.before, change.after) == (product.memo, "new")
    assert (change.at, change.sign_in) == (clock.time, session.number)
    assert len(store.record) == 2


def test_every_kind_of_edit_leaves_its_line() -> None:
    store, session, _ = open_store()
    product = store.products(ID)[0]

    store.save(session, product.key, {"name": "새 이름"})
    store.save(session, product.key, {"disclosure": {"모델명": "M1"}})
    store.delete_image(session, product.key, product.images[-1])
    twin = store.copy(session, product.key)
    store.move(session, [product.key], "신규수집")
    store.delete(session, product.key)

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
        store.save(session, first.key, {"name": second.name.replace(" ", "  ")})

    assert store.products(ID)[0] == first
    assert len(store.record) == 1


@pytest.mark.parametrize("name", ["", "가" * 51])
def test_a_name_has_one_to_fifty_letters(name: str) -> None:
    store, session, _ = open_store()

    with pytest.raises(Refused, match="50자"):
        store.save(session, key_of(store, 0), {"name": name})


def test_fields_and_groups_that_do_not_exist_are_refused() -> None:
    store, session, _ = open_store(shapes=(Shape(has_model=False),))
    key = key_of(store, 0)

    with pytest.raises(Refused, match="알 수 없는 항목"):
        store.save(session, key, {"key": "0" * 24})
    with pytest.raises(Refused, match="알 수 없는 항목"):
        store.save(session, key, {"disclosure": {"모델명": "M1"}})
    with pytest.raises(Refused, match="그룹을 찾을 수 없습니다"):
        store.move(session, [key], "없는 그룹")
    with pytest.raises(Refused, match="상품을 찾을 수 없습니다"):
        store.move(session, ["0" * 24], "신규수집")


def test_the_nth_save_fails_and_only_that_one() -> None:
    store, session, _ = open_store(Faults(save_errors=(2,)))
    key = key_of(store, 0)

    store.save(session, key, {"memo": "1"})
    with pytest.raises(Refused, match="저장에 실패"):
        store.save(session, key, {"memo": "2"})
    assert store.save(session, key, {"memo": "3"}).memo == "3"


def test_a_broken_product_takes_no_save_at_all() -> None:
    store, session, _ = open_store(Faults(broken_products=(1,)))
    store.save(session, key_of(store, 0), {"memo": "1"})

    for _again in range(2):
        with pytest.raises(Refused, match="저장에 실패"):
            store.save(session, key_of(store, 1), {"memo": "1"})


def test_a_silent_move_is_answered_but_does_not_happen() -> None:
    store, session, _ = open_store(Faults(silent_moves=(1,)))
    key = key_of(store, 0)

    store.move(session, [key], "신규수집")
    assert store.products(ID)[0].group is None
    assert len(store.record) == 1

    store.move(session, [key], "신규수집")
    assert store.products(ID)[0].group == "신규수집"


def test_a_silent_product_never_moves() -> None:
    store, session, _ = open_store(Faults(silent_products=(1,)))

    for _again in range(3):
        store.move(session, [key_of(store, 0), key_of(store, 1)], "신규수집")

    assert [product.group for product in store.products(ID)[:2]] == ["신규수집", None]


def test_a_stale_list_shows_a_moved_product_until_its_time_is_over() -> None:
    store, session, clock = open_store(Faults(stale_list_s=5))
    store.move(session, [key_of(store, 0)], "신규수집")

    assert store.list_products(session, UNGROUPED)[0] == 3
    clock.time += timedelta(seconds=5)
    assert store.list_products(session, UNGROUPED)[0] == 2


def test_a_stale_list_is_mended_by_a_refresh() -> None:
    store, session, _ = open_store(Faults(stale_list_s=5))
    store.move(session, [key_of(store, 0)], "신규수집")

    refreshed = Query(is_grouped=False, is_refresh=True)
    assert store.list_products(session, refreshed)[0] == 2
    assert store.list_products(session, UNGROUPED)[0] == 2
