"""A report is true, whatever becomes of the ledger."""

import asyncio
import json
from typing import Any

import pytest

from percenty_batch.errors import FailureKind, LedgerError, WorkError
from percenty_batch.ledger import RunRecord
from percenty_batch.manager import BatchManager
from percenty_batch.models import BatchResult, ItemOutcome, JobStatus, StopReason, Verdict
from percenty_batch.steps import StepContext
from tests.unit.manager.conftest import TWO, USERS, House, finish_all, finish_next
from tests.unit.manager.ledgers import NO_LIMIT, FailingLedger

QUANTITY = 2
WRITES = range(24)  # of a run of two accounts with two items each


def documents(house: House, manager: BatchManager) -> tuple[dict[str, Any], dict[str, Any]]:
    """The batch's report and the summary."""
    reports = house.folder / "logs/reports" / manager.start_time
    batch, summary = (
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(reports.glob("*.json"))
    )
    return batch, summary


def recorded(record: RunRecord | None) -> dict[str, set[str]]:
    """The items that the ledger holds as done, by account."""
    return {
        job.account: {
            item.key
            for item in job.items
            if item.result is not None and item.result.outcome is ItemOutcome.DONE
        }
        for batch in (record.batches if record else ())
        for job in batch.jobs
    }


def done(result: BatchResult) -> dict[str, set[str]]:
    return {
        job.account: {item.key for item in job.items if item.outcome is ItemOutcome.DONE}
        for job in result.jobs
    }


def test_an_unreadable_ledger_fails_every_account_and_nothing_is_attempted(house: House) -> None:
    house.ledger_problem = LedgerError("원장을 사용할 수 없습니다")
    manager = house.manager()

    result = manager.run_single_step(1, quantity=4)

    assert (result.verdict, result.could_run, house.launchers) == (Verdict.FAILED, False, [])
    for job in result.jobs:
        assert job.failure
        assert job.failure.message == "원장을 사용할 수 없습니다"
        assert (job.status, job.totals.not_attempted) == (JobStatus.FAILED, 4)
    batch, summary = documents(house, manager)
    assert (batch["verdict"], batch["totals"]["not_attempted"]) == ("failed", 8)
    assert [each["verdict"] for each in summary["batches"]] == ["failed"]
    batch_log = house.folder / "logs" / f"batch_processor_{manager.start_time}.log"
    assert "원장을 사용할 수 없습니다" in batch_log.read_text(encoding="utf-8")


def test_a_ledger_that_comes_back_takes_the_next_batch(house: House) -> None:
    house.ledger_problem = LedgerError("원장을 사용할 수 없습니다")
    manager = house.manager()
    manager.run_single_step(1, quantity=1)
    house.ledger_problem = None

    assert manager.run_single_step(1, quantity=1).verdict is Verdict.SUCCESS
    assert [result.verdict for result in manager.results] == [Verdict.FAILED, Verdict.SUCCESS]


@pytest.mark.parametrize("writes", WRITES)
def test_a_ledger_that_is_lost_in_the_middle_leaves_a_report_that_says_no_more_than_it_holds(
    house: House, writes: int
) -> None:
    ledger = FailingLedger(writes, is_gone=True)
    house.ledger = ledger
    manager = house.manager()

    result = manager.run_single_step(1, quantity=QUANTITY)

    ledger.writes_left = NO_LIMIT
    check_truth(house, manager, result, asyncio.run(ledger.run(manager.start_time)))


@pytest.mark.parametrize("writes", WRITES)
def test_what_a_full_ledger_left_open_is_finished_later_and_nothing_is_done_twice(
    house: House, writes: int
) -> None:
    ledger = FailingLedger(writes)
    house.ledger = ledger
    before = house.manager()
    result = before.run_single_step(1, quantity=QUANTITY)
    ledger.writes_left = NO_LIMIT
    record = asyncio.run(ledger.run(before.start_time))
    check_truth(house, before, result, record)
    if record is None or not record.batches:
        assert house.launchers == []  # nothing was begun: a new run does it all
        return

    (again,) = house.manager(record).resume()

    assert done(again) == recorded(asyncio.run(ledger.run(before.start_time)))
    assert all(keys <= done(again)[account] for account, keys in recorded(record).items())
    assert [job.totals.done for job in again.jobs] == [QUANTITY] * 2
    assert (again.verdict, again.is_cut_off) == (Verdict.SUCCESS, False)


def check_truth(
    house: House, manager: BatchManager, result: BatchResult, record: RunRecord | None
) -> None:
    """Every account is told with all that was asked of it, and done is what the ledger holds."""
    batch, summary = documents(house, manager)
    kept = recorded(record)
    assert [job.account for job in result.jobs] == list(USERS)
    assert all(keys <= kept.get(account, set()) for account, keys in done(result).items())
    assert result.totals.requested == len(USERS) * QUANTITY
    assert result.totals.not_attempted >= 0
    assert manager.results == (result,)
    assert batch["totals"]["done"] == result.totals.done
    assert [each["verdict"] for each in summary["batches"]] == [result.verdict]


def test_the_work_stands_when_the_ledger_fails_after_it(house: House) -> None:
    class Ends(FailingLedger):
        async def end_start(self, *_: object) -> None:
            raise LedgerError("원장에 쓸 수 없습니다")

    house.ledger = Ends()
    manager = house.manager()

    result = manager.run_single_step(1, quantity=1)

    assert (result.verdict, manager.results) == (Verdict.SUCCESS, (result,))
    batch, summary = documents(house, manager)
    assert (batch["verdict"], summary["batches"][0]["verdict"]) == ("success", "success")


@pytest.mark.parametrize("writes", range(4, 12))
def test_a_resumption_that_loses_its_ledger_still_tells_all_accounts(
    house: House, writes: int
) -> None:
    async def break_off(ctx: StepContext) -> StopReason:
        await finish_next(ctx)
        if ctx.account.id == TWO:
            raise WorkError(FailureKind.DATA, "고장")
        return StopReason.SOURCE_EMPTY

    ledger = FailingLedger()
    house.ledger, house.work = ledger, break_off
    before = house.manager()
    before.run_single_step(1, quantity=QUANTITY)
    record = house.run(before)
    house.work = finish_all
    ledger.writes_left, ledger.is_gone = writes, True
    again = house.manager(record)

    (result,) = again.resume()

    ledger.writes_left = NO_LIMIT
    check_truth(house, again, result, house.run(before))
    assert result.jobs[0].status is JobStatus.SUCCEEDED
    assert result.jobs[1].totals.done >= 1
    assert (result.resumptions, result.started_at) == (1, before.results[0].started_at)
