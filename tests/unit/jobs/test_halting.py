from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.errors import FailureKind, InputError
from percenty_batch.jobs.halting import HaltLimit, Tally, halt_reason, parse_halt
from percenty_batch.models import Failure, ItemOutcome, JobResult, StopReason
from tests.unit.jobs.builders import job_result

DONE, BAD = ItemOutcome.DONE, ItemOutcome.FAILED
BROKEN = Failure(kind=FailureKind.TIMEOUT, message="늦음")
GOOD = job_result([DONE])
FAILED = job_result(stop=StopReason.ERROR, failure=BROKEN)


def tally(*results: JobResult) -> Tally:
    """What is known when each of these was another account."""
    apart = (replace(result, account=f"{number}") for number, result in enumerate(results))
    return reduce(Tally.seen, apart, Tally())


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("fail=3", HaltLimit(amount=3, is_percent=False)),
        ("fail=20%", HaltLimit(amount=20, is_percent=True)),
        ("fail=100%", HaltLimit(amount=100, is_percent=True)),
        (" fail=150 ", HaltLimit(amount=150, is_percent=False)),
    ],
)
def test_a_limit_is_a_number_of_accounts_or_a_share_of_them(text: str, limit: HaltLimit) -> None:
    assert parse_halt(text) == limit


@given(st.integers(1, 100), st.booleans())
def test_a_limit_reads_as_it_is_written(amount: int, is_percent: bool) -> None:
    limit = HaltLimit(amount=amount, is_percent=is_percent)
    assert parse_halt(str(limit)) == limit


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *((text, "fail=20% 또는 fail=3처럼 써야 합니다") for text in ("", "3", "fail", "fail=")),
        *((text, "fail=20% 또는 fail=3처럼 써야 합니다") for text in ("fail=-1", "fail=2.5%")),
        *((text, "fail=20% 또는 fail=3처럼 써야 합니다") for text in ("done=3", "fail=٣", "a\nb")),
        ("fail=0", "1 이상이어야 합니다"),
        ("fail=0%", "1 이상이어야 합니다"),
        ("fail=101%", "비율은 1-100%여야 합니다"),
    ],
)
def test_anything_else_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_halt(text)
    assert str(caught.value) == f"--halt {text!r}: {said}"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("limit", "failed", "good", "accounts", "halts"),
    [
        ("fail=3", 2, 50, 100, False),
        ("fail=3", 3, 0, 100, True),
        ("fail=1", 1, 0, 100, True),
        ("fail=20%", 19, 50, 100, False),
        ("fail=20%", 20, 0, 100, True),
        ("fail=20%", 1, 1, 5, False),  # only two have ended
        ("fail=20%", 1, 2, 5, True),
        ("fail=50%", 1, 0, 2, False),
        ("fail=50%", 1, 1, 2, True),
        ("fail=33%", 1, 2, 3, True),
        ("fail=34%", 1, 2, 3, False),
        ("fail=100%", 3, 0, 3, True),
    ],
)
def test_the_batch_halts_at_its_limit(
    limit: str, failed: int, good: int, accounts: int, halts: bool
) -> None:
    results = [FAILED] * failed + [GOOD] * good
    assert (halt_reason(parse_halt(limit), tally(*results), accounts) is not None) is halts


def test_it_says_why_the_batch_halts() -> None:
    assert halt_reason(parse_halt("fail=20%"), tally(FAILED, GOOD, FAILED), 10) == (
        "계정 10개 중 2개가 실패하여 배치를 멈춥니다 (--halt fail=20%)"
    )


@pytest.mark.parametrize(
    ("result", "counts"),
    [
        (FAILED, True),
        (job_result([DONE], stop=StopReason.ERROR, failure=BROKEN), True),
        (job_result([BAD, BAD]), True),
        (GOOD, False),
        (job_result([DONE, BAD]), False),
        (job_result([DONE], stop=StopReason.CANCELLED), False),
        (job_result(stop=StopReason.SITE_DOWN), False),
        (job_result(stop=StopReason.ERROR, failure=BROKEN, attempts=0), False),
    ],
)
def test_only_accounts_that_failed_count(result: JobResult, counts: bool) -> None:
    assert (halt_reason(parse_halt("fail=1"), tally(result), 9) is not None) is counts


@pytest.mark.parametrize("attempts", [0, 1])
def test_accounts_that_were_cancelled_do_not_make_a_share_count_earlier(attempts: int) -> None:
    cancelled = [job_result(stop=StopReason.CANCELLED, attempts=attempts)] * 3
    assert halt_reason(parse_halt("fail=20%"), tally(FAILED, GOOD, *cancelled), 5) is None


@given(st.lists(st.sampled_from([FAILED, GOOD]), max_size=30), st.integers(1, 100), st.booleans())
def test_a_batch_that_has_halted_would_also_halt_after_one_more_failure(
    results: list[JobResult], amount: int, is_percent: bool
) -> None:
    limit = HaltLimit(amount=amount, is_percent=is_percent)
    if halt_reason(limit, tally(*results), 31) is not None:
        assert FAILED in results
        assert halt_reason(limit, tally(*results, FAILED), 31) is not None
