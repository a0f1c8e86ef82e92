import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.errors import (
    FailureKind,
    GaveUpError,
    ItemError,
    LeaseHeldError,
    LeaseLostError,
    LedgerError,
    SignedOutError,
    SignInError,
    WorkError,
)
from percenty_batch.jobs.decisions import (
    Decision,
    GiveUp,
    History,
    Retry,
    Trouble,
    decide,
    ends_account,
    pause_s,
)
from percenty_batch.models import Failure
from percenty_batch.settings import JobSettings

NEVER_AGAIN = {
    FailureKind.WRONG_PASSWORD,
    FailureKind.LOCKED,
    FailureKind.CAPTCHA,
    FailureKind.BLOCKED,
    FailureKind.WRONG_ACCOUNT,
    FailureKind.IN_USE,
    FailureKind.DATA,
}
LATE = WorkError(FailureKind.TIMEOUT, "늦음")
DEATH = WorkError(FailureKind.BROWSER_CRASHED, "브라우저가 닫혔습니다")
LIMITS = JobSettings(max_attempts=3, max_browser_deaths=3)

kinds = st.sampled_from(FailureKind)
troubles = st.one_of(
    st.builds(
        lambda error, kind: error(kind, "x"),
        st.sampled_from([WorkError, SignInError, ItemError, GaveUpError]),
        kinds,
    ),
    st.sampled_from([SignedOutError(), LeaseLostError(), LedgerError("x")]),
)
chances = st.floats(0, 1)


def after(*errors: Trouble) -> History:
    """Attempts that failed one after the other and finished nothing."""
    history = History()
    for error in errors:
        history = history.after(error, progressed=False)
    return history


def decision(*errors: Trouble, limits: JobSettings = LIMITS) -> Decision:
    return decide(errors[-1], after(*errors), limits, chance=0.5)


@pytest.mark.parametrize("kind", FailureKind)
@pytest.mark.parametrize("error", [WorkError, ItemError])
def test_whether_another_attempt_is_worth_it_depends_on_the_kind(
    error: type[WorkError], kind: FailureKind
) -> None:
    assert isinstance(decision(error(kind, "x")), Retry) is (kind not in NEVER_AGAIN)


@pytest.mark.parametrize("kind", FailureKind)
def test_a_sign_in_is_tried_again_only_after_a_passing_trouble(kind: FailureKind) -> None:
    passing = {FailureKind.SITE_ERROR, FailureKind.TIMEOUT, FailureKind.BROWSER_CRASHED}
    assert isinstance(decision(SignInError(kind, "x")), Retry) is (kind in passing)


@pytest.mark.parametrize("kind", FailureKind)
def test_an_account_that_gave_up_is_never_tried_again(kind: FailureKind) -> None:
    error = GaveUpError(kind, "연속으로 실패")
    answer = decision(error)
    assert isinstance(answer, GiveUp)
    assert answer.failure == Failure(kind=kind, message="연속으로 실패")


@pytest.mark.parametrize("error", [LeaseHeldError("다른 실행이 작업 중"), LeaseLostError()])
def test_an_account_that_somebody_else_drives_is_left_to_them(error: WorkError) -> None:
    failure = Failure(kind=FailureKind.IN_USE, message=str(error))
    assert decision(error) == GiveUp(failure=failure, ends_account=True)


def test_a_ledger_that_refuses_is_tried_again_and_then_ends_the_job() -> None:
    error = LedgerError("원장에 쓸 수 없습니다")
    assert isinstance(decision(error, error), Retry)
    assert decision(error, error, error) == GiveUp(
        failure=Failure(kind=FailureKind.UNKNOWN, message="원장에 쓸 수 없습니다")
    )


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_so_many_attempts_without_any_item_end_the_job(most: int) -> None:
    limits = JobSettings(max_attempts=most)
    decisions = [decision(*[LATE] * count, limits=limits) for count in range(1, most + 1)]
    assert [isinstance(each, GiveUp) for each in decisions] == [False] * (most - 1) + [True]
    assert decisions[-1] == GiveUp(failure=Failure(kind=FailureKind.TIMEOUT, message="늦음"))


def test_an_attempt_with_progress_makes_up_for_the_fruitless_ones_before_it() -> None:
    history = after(LATE, LATE).after(LATE, progressed=True)
    assert isinstance(decide(LATE, history, LIMITS, chance=0), Retry)
    assert history == History()


def test_progress_does_not_make_up_for_the_deaths_of_browsers() -> None:
    history = after(DEATH, DEATH).after(LATE, progressed=True)
    assert history == History(fruitless=0, browser_deaths=2)


def test_a_browsers_death_is_not_a_fruitless_attempt() -> None:
    assert after(LATE, LATE, DEATH) == History(fruitless=2, browser_deaths=1)
    assert isinstance(decision(LATE, LATE, DEATH), Retry)


def test_after_the_second_death_the_account_gets_a_browser_of_its_own() -> None:
    first, second, later = decision(DEATH), decision(DEATH, DEATH), decision(DEATH, DEATH, LATE)
    isolated = [each.is_isolated for each in (first, second, later) if isinstance(each, Retry)]
    assert isolated == [False, True, True]


@pytest.mark.parametrize(
    ("most", "deaths", "message"),
    [
        (1, 1, "브라우저가 1번 비정상 종료되어 이 계정을 멈춥니다: 브라우저가 닫혔습니다"),
        (2, 2, "브라우저가 2번 비정상 종료되어 이 계정을 멈춥니다: 브라우저가 닫혔습니다"),
        (
            3,
            3,
            "혼자 쓰는 브라우저까지 3번 비정상 종료되어 이 계정을 멈춥니다: 브라우저가 닫혔습니다",
        ),
    ],
)
def test_an_account_that_kills_its_browsers_is_parked(most: int, deaths: int, message: str) -> None:
    limits = JobSettings(max_browser_deaths=most)
    assert isinstance(decision(*[DEATH] * (deaths - 1), LATE, limits=limits), Retry)
    failure = Failure(kind=FailureKind.BROWSER_CRASHED, message=message)
    parked = GiveUp(failure=failure, ends_account=True)
    assert decision(*[DEATH] * deaths, limits=limits) == parked


@pytest.mark.parametrize("kind", FailureKind)
def test_no_later_step_signs_in_where_the_site_may_have_said_no(kind: FailureKind) -> None:
    answer = decision(*[SignInError(kind, "x")] * 3)
    passing = {FailureKind.SITE_ERROR, FailureKind.TIMEOUT}
    assert isinstance(answer, GiveUp)
    assert answer.ends_account is (kind not in passing)


@pytest.mark.parametrize("kind", sorted(NEVER_AGAIN - {FailureKind.DATA}))
def test_an_account_that_is_refused_in_mid_work_is_done_for(kind: FailureKind) -> None:
    assert ends_account(WorkError(kind, "x"))
    assert not ends_account(WorkError(FailureKind.DATA, "x"))


@given(
    st.lists(troubles, min_size=20, max_size=20),
    st.integers(1, 8),
    st.integers(1, 3),
)
def test_a_job_without_progress_always_ends(
    errors: list[Trouble], max_attempts: int, max_browser_deaths: int
) -> None:
    limits = JobSettings(max_attempts=max_attempts, max_browser_deaths=max_browser_deaths)
    history, attempts = History(), 0
    for error in errors:
        history, attempts = history.after(error, progressed=False), attempts + 1
        if isinstance(decide(error, history, limits, chance=0), GiveUp):
            break
    assert attempts < max_attempts + max_browser_deaths


@given(troubles, st.booleans(), st.integers(0, 9), st.integers(0, 9))
def test_what_went_wrong_is_told_in_the_words_of_the_error(
    error: Trouble, progressed: bool, fruitless: int, deaths: int
) -> None:
    before = History(fruitless=fruitless, browser_deaths=deaths)
    decided = decide(error, before.after(error, progressed=progressed), LIMITS, chance=0)
    if isinstance(decided, GiveUp):
        assert decided.failure.message.endswith(str(error))


def test_the_pause_doubles_up_to_its_limit() -> None:
    assert [pause_s(count, 1) for count in range(9)] == [2, 2, 4, 8, 16, 32, 60, 60, 60]


@given(st.integers(0, 10_000), chances)
def test_chance_takes_away_at_most_half_of_a_pause(fruitless: int, chance: float) -> None:
    whole_s = pause_s(fruitless, 1)
    assert whole_s / 2 <= pause_s(fruitless, chance) <= whole_s


def test_accounts_that_failed_together_return_apart() -> None:
    returns = [decide(LATE, after(LATE), LIMITS, chance=chance) for chance in (0, 0.3, 0.9)]
    pauses = [each.pause_s for each in returns if isinstance(each, Retry)]
    assert len(set(pauses)) == 3
