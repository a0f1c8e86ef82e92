import pytest

from percenty_batch.errors import (
    FailureKind,
    GaveUpError,
    ItemError,
    SignedOutError,
    SignInError,
    WorkError,
)
from percenty_batch.jobs.retry import pause_s, should_retry

WORTH_IT = {
    FailureKind.WRONG_PASSWORD: False,
    FailureKind.LOCKED: False,
    FailureKind.CAPTCHA: False,
    FailureKind.BLOCKED: False,
    FailureKind.WRONG_ACCOUNT: False,
    FailureKind.DATA: False,
    FailureKind.SITE_ERROR: True,
    FailureKind.TIMEOUT: True,
    FailureKind.PAGE_CHANGED: True,
    FailureKind.BROWSER_CRASHED: True,
    FailureKind.UNKNOWN: True,
}


@pytest.mark.parametrize("kind", FailureKind)
@pytest.mark.parametrize("error", [WorkError, ItemError])
def test_whether_another_attempt_is_worth_it_depends_on_the_kind(
    error: type[WorkError], kind: FailureKind
) -> None:
    is_worth_it = should_retry(error(kind, "x"), fruitless_attempts=1, max_attempts=3)
    assert is_worth_it is WORTH_IT[kind]


@pytest.mark.parametrize("kind", FailureKind)
def test_a_sign_in_is_tried_again_only_after_a_passing_trouble(kind: FailureKind) -> None:
    passing = {FailureKind.SITE_ERROR, FailureKind.TIMEOUT, FailureKind.BROWSER_CRASHED}
    is_worth_it = should_retry(SignInError(kind, "x"), fruitless_attempts=1, max_attempts=3)
    assert is_worth_it is (kind in passing)


@pytest.mark.parametrize("kind", FailureKind)
def test_an_account_that_gave_up_is_never_tried_again(kind: FailureKind) -> None:
    assert not should_retry(GaveUpError(kind, "x"), fruitless_attempts=0, max_attempts=3)


@pytest.mark.parametrize(
    ("fruitless", "most", "is_tried"), [(0, 1, True), (1, 1, False), (2, 3, True), (3, 3, False)]
)
def test_attempts_without_any_item_are_counted(fruitless: int, most: int, is_tried: bool) -> None:
    error = SignedOutError()
    assert should_retry(error, fruitless_attempts=fruitless, max_attempts=most) is is_tried


def test_the_pause_doubles_up_to_its_limit() -> None:
    assert [pause_s(count) for count in range(9)] == [1, 1, 2, 4, 8, 16, 30, 30, 30]
