"""*Since last night*: what holds for any history, and the rules by example."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.errors import FailureKind
from percenty_batch.models import Failure, JobOutline, Night, StopReason, Totals
from percenty_batch.reports.history import Change, History, Mark, State, outcomes, since_last_night

A, B, C = "a@example.com", "b@example.com", "c@example.com"
REFUSED = Failure(kind=FailureKind.TIMEOUT, message="응답이 없습니다")


def outline(account: str, mark: str, *, step: str = "1", done: int = 10) -> JobOutline:
    """A job of 10 items: o(k), f(ailed), n(ot run), or u(nder-delivered with 3 done)."""
    totals = Totals(
        requested=10, done=3 if mark == "u" else done if mark == "o" else 0,
        failed=0, skipped=0, unknown=0,
    )  # fmt: skip
    stops = {
        "o": StopReason.QUANTITY_REACHED,
        "u": StopReason.SOURCE_EMPTY,
        "f": StopReason.ERROR,
        "n": StopReason.CANCELLED,
    }
    return JobOutline(
        account=account,
        step=step,
        totals=totals,
        stop_reason=stops[mark],
        failure=REFUSED if mark == "f" else None,
        attempts=0 if mark == "n" else 1,
    )


def night(*jobs: JobOutline) -> Night:
    return Night(run_id="x", stamp="x", jobs=jobs)


def history_of(*newest_first: Night) -> History:
    history = History()
    for each in newest_first:
        history.add(each)
    return history


def change_of(tonight: str, newest_first: str) -> Change:
    """What becomes of an account whose nights are these."""
    history = history_of(*(night(outline(A, mark)) for mark in newest_first))
    (change,) = since_last_night([outline(A, tonight)], history)
    return change


@pytest.mark.parametrize(
    ("tonight", "before", "state", "nights"),
    [
        ("o", "", State.STEADY, 0),
        ("o", "oo", State.STEADY, 0),
        ("o", "nno", State.STEADY, 0),
        ("f", "o", State.NEWLY_FAILING, 1),
        ("f", "of", State.NEWLY_FAILING, 1),
        ("f", "no", State.NEWLY_FAILING, 1),
        ("f", "fo", State.STILL_FAILING, 2),
        ("f", "fnfuo", State.STILL_FAILING, 3),
        ("f", "", State.NEVER_SUCCEEDED, 1),
        ("f", "ff", State.NEVER_SUCCEEDED, 3),
        ("f", "nfn", State.NEVER_SUCCEEDED, 2),
        ("o", "f", State.RECOVERED, 1),
        ("u", "nffo", State.RECOVERED, 2),
        ("n", "o", State.NOT_RUN, 1),
        ("n", "nnf", State.NOT_RUN, 3),
        ("n", "", State.NOT_RUN, 1),
    ],
)
def test_the_states_by_example(tonight: str, before: str, state: State, nights: int) -> None:
    change = change_of(tonight, before)
    assert (change.state, change.nights) == (state, nights)


@pytest.mark.parametrize(
    ("tonight", "before", "is_flaky"),
    [
        ("o", "fof", True),
        ("f", "ofo", True),
        ("o", "ffoof", True),
        ("o", "fooooof", False),
        ("o", "ff", False),
        ("n", "ofof", True),
        ("o", "nfnonf", True),
    ],
)
def test_three_turns_within_seven_tried_nights_are_flaky(
    tonight: str, before: str, is_flaky: bool
) -> None:
    assert change_of(tonight, before).is_flaky is is_flaky


def test_asked_for_ten_did_three_without_an_error_is_under_delivered() -> None:
    assert change_of("u", "o").is_under_delivered
    assert not change_of("o", "u").is_under_delivered
    assert not change_of("f", "o").is_under_delivered


def test_who_is_missing_beside_a_like_night_did_not_run() -> None:
    before = night(outline(A, "o"), outline(B, "o"))
    told = since_last_night([outline(A, "o")], history_of(before))

    assert [(change.account, change.state, change.tonight) for change in told][1:] == [
        (B, State.NOT_RUN, None)
    ]


def test_a_run_for_a_few_accounts_says_nothing_of_the_others() -> None:
    before = night(outline(A, "o"), outline(B, "o"), outline(C, "o"))
    assert len(since_last_night([outline(A, "o")], history_of(before))) == 1


def test_the_last_like_night_counts_and_not_a_run_of_others_between() -> None:
    likes = night(outline(A, "o"), outline(B, "o"))
    between = night(outline(C, "o"))
    told = since_last_night([outline(A, "o")], history_of(between, likes))

    assert [change.account for change in told] == [A, B]


def test_steps_are_told_apart() -> None:
    history = history_of(night(outline(A, "f", step="2_1")))
    (change,) = since_last_night([outline(A, "f", step="1")], history)
    assert (change.state, change.nights) == (State.NEVER_SUCCEEDED, 1)


def test_batches_of_one_step_are_one_outcome_that_failed_when_one_did() -> None:
    told = outcomes([outline(A, "o"), outline(A, "f"), outline(A, "n")])
    assert (told[A, "1"].mark, told[A, "1"].done, told[A, "1"].requested) == (Mark.FAILED, 10, 30)
    assert outcomes([outline(A, "n"), outline(A, "o")])[A, "1"].mark is Mark.OK


marks = st.sampled_from("ofnu")
nights = st.lists(st.dictionaries(st.sampled_from([A, B, C]), marks, min_size=1), max_size=9)


def jobs_of(marked: dict[str, str]) -> list[JobOutline]:
    return [outline(account, mark) for account, mark in marked.items()]


@given(tonight=st.dictionaries(st.sampled_from([A, B, C]), marks), before=nights)
def test_whoever_is_planned_has_exactly_one_state_and_it_agrees_with_tonight(
    tonight: dict[str, str], before: list[dict[str, str]]
) -> None:
    history = history_of(*(night(*jobs_of(marked)) for marked in before))
    told = since_last_night(jobs_of(tonight), history)

    assert [change.account for change in told][: len(tonight)] == list(tonight)
    failing = {State.NEWLY_FAILING, State.STILL_FAILING, State.NEVER_SUCCEEDED}
    fitting = {"o": {State.STEADY, State.RECOVERED}, "f": failing, "n": {State.NOT_RUN}}
    for change in told:
        mark = tonight.get(change.account, "n").replace("u", "o")
        assert change.state in fitting[mark]
        assert change.is_under_delivered == (tonight.get(change.account) == "u")
    assert len({change.account for change in told}) == len(told)


@given(tonight=marks, before=st.text("ofnu", max_size=14))
def test_a_streak_is_what_counting_by_hand_gives(tonight: str, before: str) -> None:
    change = change_of(tonight, before)
    tried = [mark for mark in before.replace("u", "o") if mark != "n"]
    streak = len(tried) - len("".join(tried).lstrip("f"))
    expected = {
        State.NEWLY_FAILING: 1,
        State.STILL_FAILING: 1 + streak,
        State.NEVER_SUCCEEDED: 1 + streak,
        State.RECOVERED: streak,
        State.NOT_RUN: 1 + len(before) - len(before.lstrip("n")),
        State.STEADY: 0,
    }
    assert change.nights == expected[change.state]
    assert (change.state is State.NEVER_SUCCEEDED) == (tonight == "f" and "o" not in tried)


@given(before=st.text("ofnu", max_size=14))
def test_a_night_on_which_it_was_not_tried_changes_nothing_but_its_own_count(before: str) -> None:
    without: Sequence[str] = before.replace("n", "")
    assert change_of("f", before) == change_of("f", "".join(without))
    assert change_of("o", before) == change_of("o", "".join(without))
