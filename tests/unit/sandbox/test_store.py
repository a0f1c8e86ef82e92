"""The sandbox's sign-ins without HTTP: what it refuses, and that it records it."""

import pytest

from percenty_batch.sandbox import Faults, SandboxAccount
from percenty_batch.sandbox.store import Refused, Store, Unanswered
from tests.unit.sandbox.stores import ID, open_store


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
