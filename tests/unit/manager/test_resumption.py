from dataclasses import replace

import pytest

from percenty_batch.errors import FailureKind
from percenty_batch.ledger import (
    AttemptRecord,
    BatchEnd,
    BatchPlan,
    BatchRecord,
    ItemRecord,
    JobEnd,
    JobRecord,
    RunRecord,
    Start,
    run_results,
)
from percenty_batch.manager import differences, rest_of_run, without_old_stops
from percenty_batch.models import Failure, ItemOutcome, ItemResult, StopReason
from tests.unit.jobs.builders import NOON, product_key
from tests.unit.jobs.ledgers import JOB_ID, OURS, RUN, RUN_ID

END = BatchEnd(finished_at=NOON, duration_s=1.0)
FAILURE = Failure(kind=FailureKind.TIMEOUT, message="늦음")


def job(
    account: str,
    stop: StopReason | None = None,
    *outcomes: ItemOutcome,
    failure: Failure | None = None,
    attempts: int = 1,
) -> JobRecord:
    """One that ended, or (without `stop`) was cut off."""
    end = None
    if stop is not None:
        end = JobEnd(stop_reason=stop, failure=failure, finished_at=NOON, duration_s=1.0)
    return JobRecord(
        account=account,
        requested=3,
        attempts=tuple(AttemptRecord(number=n + 1, started_at=NOON) for n in range(attempts)),
        items=tuple(
            ItemRecord(
                key=product_key(n),
                claimed_at=NOON,
                result=ItemResult(key=product_key(n), outcome=outcome),
            )
            for n, outcome in enumerate(outcomes)
        ),
        end=end,
    )


def batch(*jobs: JobRecord, step: str = "1", quantity: int = 3) -> BatchRecord:
    plan = BatchPlan(
        run_id=RUN_ID,
        job_id=JOB_ID,
        step=step,
        quantity=quantity,
        requested={each.account: each.requested for each in jobs},
        started_at=NOON,
    )
    return BatchRecord(plan=plan, jobs=jobs)


def run(*batches: BatchRecord, version: str = "1.2.3") -> RunRecord:
    start = Start(number=1, owner=OURS, version=version, started_at=NOON)
    return RunRecord(plan=RUN, starts=(start,), batches=batches)


WORKED = [
    job("done", StopReason.QUANTITY_REACHED, ItemOutcome.DONE),
    job("empty", StopReason.SOURCE_EMPTY),
]
WENT_WRONG = [
    job("half", StopReason.SOURCE_EMPTY, ItemOutcome.DONE, ItemOutcome.FAILED),
    job("failed", StopReason.ERROR, failure=FAILURE),
    job("unknown", StopReason.QUANTITY_REACHED, ItemOutcome.UNKNOWN),
    job("cut off"),
    job("cut off after one", None, ItemOutcome.DONE),
    job("too slow", StopReason.DEADLINE, failure=FAILURE),
    job("after a step that failed", StopReason.EARLIER_STEP, attempts=0),
    job("stopped after a failure", StopReason.CANCELLED, ItemOutcome.FAILED),
    job("stopped in an item", StopReason.CANCELLED, ItemOutcome.DONE, ItemOutcome.UNKNOWN),
]
NOT_REACHED = [
    job("stopped", StopReason.CANCELLED, attempts=0),
    job("stopped after one", StopReason.CANCELLED, ItemOutcome.DONE),
    job("parked", StopReason.SITE_DOWN, attempts=0),
    job("halted", StopReason.HALTED, attempts=0),
    job("late", StopReason.DEADLINE, attempts=0),
    job("pending", attempts=0),
]


def test_every_account_that_did_not_succeed_is_taken_up_again_in_its_order() -> None:
    record = batch(*NOT_REACHED, *WORKED, *WENT_WRONG)

    (left,) = rest_of_run(run(record))
    assert left.accounts == tuple(each.account for each in (*NOT_REACHED, *WENT_WRONG))


def test_only_those_that_failed_are_taken_up_on_request() -> None:
    record = batch(*NOT_REACHED, *WORKED, *WENT_WRONG)

    (left,) = rest_of_run(run(record), only_failed=True)
    assert left.accounts == tuple(each.account for each in WENT_WRONG)


@pytest.mark.parametrize(
    ("record", "is_open"),
    [
        (batch(*WORKED), True),
        (replace(batch(*WORKED), end=END), False),
        (replace(batch(*WORKED, *NOT_REACHED), end=END), True),
    ],
    ids=["its end is missing", "all is done", "accounts are left"],
)
def test_a_batch_is_resumed_for_its_accounts_or_for_its_missing_end(
    record: BatchRecord, is_open: bool
) -> None:
    assert bool(rest_of_run(run(record))) is is_open


def test_accounts_that_were_not_reached_are_no_open_end_when_only_the_failed_are_wanted() -> None:
    record = run(replace(batch(*NOT_REACHED), end=END))
    assert not rest_of_run(record, only_failed=True)


def test_a_batch_without_a_rest_is_not_interrupted_or_halted_any_more() -> None:
    stopped = replace(END, interrupted_by=15, halted="실패 한도")
    record = run(
        replace(batch(*WORKED), end=stopped), replace(batch(*WORKED, *NOT_REACHED), end=stopped)
    )

    finished, open_still = without_old_stops(run_results(record))

    assert (finished.interrupted_by, finished.halted) == (None, None)
    assert (open_still.interrupted_by, open_still.halted) == (15, "실패 한도")


SAME = {"accounts": {"a"}, "site": RUN.site, "version": "1.2.3", "quantity": None}
ONE_LEFT = run(batch(job("a", StopReason.CANCELLED)))


@pytest.mark.parametrize(
    ("record", "now", "found"),
    [
        (ONE_LEFT, {}, []),
        (ONE_LEFT, {"quantity": 3}, []),
        (
            ONE_LEFT,
            {"quantity": 5},
            [("수량: 3 → 5 (계획한 수량으로 이어서 합니다)", True)],
        ),
        (ONE_LEFT, {"site": "http://x"}, [(f"사이트: {RUN.site} → http://x", True)]),
        (ONE_LEFT, {"place": RUN.place}, []),
        (ONE_LEFT, {"place": "h:/l"}, [(f"로그 폴더: {RUN.place} → h:/l", True)]),
        (ONE_LEFT, {"version": "1.2.4"}, [("버전: 1.2.3 → 1.2.4", False)]),
        (ONE_LEFT, {"version": "1.3.3"}, [("버전: 1.2.3 → 1.3.3", True)]),
        (ONE_LEFT, {"accounts": set()}, [("계정 파일에 없는 계정 (건너뜁니다): a", True)]),
        (run(batch(*WORKED)), {"accounts": set()}, []),
        (run(batch(step="77")), {}, [("단계 77: 이 버전에는 없습니다", True)]),
    ],
)
def test_what_is_not_as_it_was_planned_is_told_with_whether_it_matters(
    record: RunRecord, now: dict[str, object], found: list[tuple[str, bool]]
) -> None:
    told = differences(record, **{**SAME, **now})  # type: ignore[arg-type]

    assert [(each.text, each.matters) for each in told] == found


def test_the_version_is_compared_with_the_latest_start() -> None:
    record = run(batch())
    again = replace(record.starts[0], number=2, version="2.0.0")
    record = replace(record, starts=(*record.starts, again))

    assert list(differences(record, **{**SAME, "version": "2.0.0"})) == []  # type: ignore[arg-type]


def test_only_accounts_that_would_be_resumed_are_missed() -> None:
    refused = Failure(kind=FailureKind.WRONG_PASSWORD, message="거부됨")
    record = run(
        batch(job("stopped", StopReason.CANCELLED), job("b", StopReason.ERROR, failure=refused))
    )

    def missing(*, only_failed: bool = False, retry_refused: bool = False) -> list[str]:
        found = differences(
            record,
            accounts=(),
            site=RUN.site,
            version="1.2.3",
            quantity=None,
            only_failed=only_failed,
            retry_refused=retry_refused,
        )
        return [each.text.rpartition(": ")[2] for each in found]

    assert missing() == ["stopped"]
    assert missing(only_failed=True) == []
    assert missing(retry_refused=True) == ["stopped, b"]
