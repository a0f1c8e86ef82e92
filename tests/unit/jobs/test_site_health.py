from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.errors import FailureKind
from percenty_batch.jobs.site_health import SiteHealth
from percenty_batch.models import Failure, ItemOutcome, JobResult, StopReason
from percenty_batch.settings import JobSettings
from tests.unit.jobs.builders import job_result

LIMITS = JobSettings(site_down_accounts=5, site_down_window_s=120)
OUTAGES = [FailureKind.SITE_ERROR, FailureKind.TIMEOUT]


def failed(
    kind: FailureKind = FailureKind.SITE_ERROR,
    *,
    stop: StopReason = StopReason.ERROR,
    took_s: float = 1.0,
) -> JobResult:
    result = job_result(stop=stop, failure=Failure(kind=kind, message="x"))
    return replace(result, duration_s=took_s)


SUCCEEDED = job_result([ItemOutcome.DONE])


def health(*results: JobResult, accounts: int = 100, apart_s: float = 10.0) -> SiteHealth:
    """What is thought of the site when accounts ended like this, one after the other."""
    value = SiteHealth.of_batch(accounts, LIMITS)
    for number, result in enumerate(results):
        account = f"user{number}@example.com"
        value = value.seen(replace(result, account=account), 1000.0 + number * apart_s)
    return value


@pytest.mark.parametrize("kind", OUTAGES)
def test_the_site_is_down_when_enough_accounts_fail_alike(kind: FailureKind) -> None:
    assert not health(*[failed(kind)] * 4).is_down
    assert health(*[failed(kind)] * 5).is_down


def test_it_says_why_the_site_is_taken_to_be_down() -> None:
    late = [failed(FailureKind.TIMEOUT)] * 5
    assert health(failed(), *late).reason == (
        "사이트 장애로 보입니다: 계정 5개가 같은 이유(시간 초과)로 실패"
    )


@pytest.mark.parametrize("kind", [kind for kind in FailureKind if kind not in OUTAGES])
def test_what_may_be_the_accounts_own_trouble_says_nothing_of_the_site(kind: FailureKind) -> None:
    assert not health(*[failed(kind)] * 50).is_down
    assert health(*[failed(), failed(kind)] * 5).is_down


def test_failures_of_two_kinds_are_not_alike() -> None:
    mixed = [failed(FailureKind.SITE_ERROR), failed(FailureKind.TIMEOUT)] * 4
    assert not health(*mixed).is_down
    assert health(*mixed, failed(), failed()).is_down is True


def test_a_success_in_between_is_a_sign_of_life() -> None:
    failures = [failed()] * 4
    assert not health(*failures, SUCCEEDED, *failures).is_down
    assert not health(*failures, job_result(stop=StopReason.SOURCE_EMPTY), *failures).is_down


def test_a_finished_item_of_any_account_is_a_sign_of_life() -> None:
    assert not health(*[failed()] * 4).alive().seen(failed(), 1050).is_down
    assert not health(*[failed()] * 5).alive().is_down


def test_items_that_a_failed_account_finished_earlier_are_none() -> None:
    broken_off = job_result(
        [ItemOutcome.DONE] * 3,
        stop=StopReason.ERROR,
        failure=Failure(kind=FailureKind.SITE_ERROR, message="x"),
    )
    assert health(*[broken_off] * 5).is_down


@pytest.mark.parametrize("stop", [StopReason.CANCELLED, StopReason.DEADLINE, StopReason.HALTED])
def test_an_account_that_was_stopped_says_nothing_of_the_site(stop: StopReason) -> None:
    assert not health(*[failed(FailureKind.TIMEOUT, stop=stop)] * 50).is_down


@pytest.mark.parametrize(("apart_s", "is_down"), [(121.0, True), (121.5, False), (600.0, False)])
def test_failures_far_apart_do_not_belong_together(apart_s: float, is_down: bool) -> None:
    assert health(*[failed(took_s=1)] * 50, apart_s=apart_s).is_down is is_down


def test_a_site_that_hangs_is_found_out_even_one_account_at_a_time() -> None:
    late = failed(FailureKind.TIMEOUT, took_s=190)
    assert health(*[late] * 5, apart_s=191).is_down


@pytest.mark.parametrize(
    ("accounts", "needed"), [(1, 3), (2, 3), (3, 3), (4, 4), (5, 5), (6, 5), (1000, 5)]
)
def test_a_small_batch_needs_all_of_its_accounts_and_never_fewer_than_three(
    accounts: int, needed: int
) -> None:
    assert SiteHealth.of_batch(accounts, LIMITS).needed == needed


def test_a_limit_below_three_is_obeyed() -> None:
    assert SiteHealth.of_batch(50, JobSettings(site_down_accounts=2)).needed == 2


ends = st.sampled_from([SUCCEEDED, *(failed(kind) for kind in FailureKind)])


@given(st.lists(ends, max_size=40))
def test_a_site_is_never_down_before_enough_alike_failed_since_the_last_success(
    results: list[JobResult],
) -> None:
    since = results[::-1]
    since = since[: since.index(SUCCEEDED)] if SUCCEEDED in since else since
    kinds = [result.failure.kind for result in since if result.failure]
    most = max(kinds.count(kind) for kind in OUTAGES)
    assert health(*results).is_down is (most >= 5)
