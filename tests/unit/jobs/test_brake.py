from dataclasses import replace
from uuid import uuid4

import pytest

from percenty_batch.errors import FailureKind, InputError
from percenty_batch.jobs import Brake, Halt
from percenty_batch.models import Failure, ItemOutcome, JobResult, StopReason
from percenty_batch.settings import JobSettings
from tests.unit.jobs.builders import job_result

DONE = job_result([ItemOutcome.DONE])


def failed(kind: FailureKind = FailureKind.SITE_ERROR) -> JobResult:
    failure = Failure(kind=kind, message="500")
    return job_result([ItemOutcome.FAILED], stop=StopReason.ERROR, failure=failure)


def brake(count: int = 10, *, halt: str | None = None, down: int = 5) -> Brake:
    return Brake(JobSettings(halt=halt, site_down_accounts=down), count)


def seen(brake: Brake, *results: JobResult) -> list[Halt | None]:
    """What it said when each of these was another account."""
    apart = [replace(result, account=f"{uuid4()}") for result in results]
    return [brake.seen(result, float(number)) for number, result in enumerate(apart)]


def test_without_a_limit_only_the_site_stops_the_batch() -> None:
    wrong = failed(FailureKind.WRONG_PASSWORD)
    assert seen(brake(), *[wrong] * 9) == [None] * 9


def test_so_many_failed_accounts_halt_the_batch() -> None:
    *before, last = seen(brake(halt="fail=2"), DONE, failed(FailureKind.DATA), DONE, failed())
    assert before == [None] * 3
    assert last
    assert last.reason is StopReason.HALTED
    assert last.text == "계정 10개 중 2개가 실패하여 배치를 멈춥니다 (--halt fail=2)"


def test_a_share_is_of_all_accounts_of_the_batch() -> None:
    halts = seen(brake(20, halt="fail=20%"), *[failed(FailureKind.DATA)] * 4)
    assert [halt and halt.reason for halt in halts] == [None, None, None, StopReason.HALTED]


def test_accounts_that_fail_alike_one_after_the_other_say_that_the_site_is_down() -> None:
    *before, last = seen(brake(down=3), *[failed()] * 3)
    assert before == [None, None]
    assert last
    assert last.reason is StopReason.SITE_DOWN
    assert "계정 3개가 같은 이유(사이트 오류)로 실패" in last.text


def test_that_the_site_is_down_explains_more_than_a_number_of_failures() -> None:
    last = seen(brake(down=3, halt="fail=3"), *[failed()] * 3)[-1]
    assert last
    assert last.reason is StopReason.SITE_DOWN


def test_an_item_that_is_done_meanwhile_is_a_sign_of_life() -> None:
    watching = brake(down=3)
    assert seen(watching, failed(), failed()) == [None, None]
    watching.saw_item_done()
    assert seen(watching, failed(), failed()) == [None, None]


def test_a_sign_of_life_takes_back_no_failed_account() -> None:
    watching = brake(halt="fail=2")
    seen(watching, failed())
    watching.saw_item_done()
    assert seen(watching, failed()) != [None]


def test_a_limit_that_nobody_can_read_is_refused() -> None:
    with pytest.raises(InputError, match="--halt"):
        brake(halt="many")
