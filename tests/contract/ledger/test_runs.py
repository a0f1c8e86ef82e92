import logging
from dataclasses import replace

import pytest

from percenty_batch.errors import LedgerError, RunTakenError
from percenty_batch.ledger import (
    BatchEnd,
    BatchRecord,
    JobRecord,
    Ledger,
    RunPlan,
    RunRecord,
    Start,
)
from percenty_batch.models import ItemOutcome, OnFailure, StopReason
from tests.contract.ledger.conftest import OpenLedger
from tests.contract.ledger.examples import (
    BEGIN,
    END,
    JOB,
    OTHERS,
    RUN,
    A,
    B,
    after,
    batch_plan,
    begun_job,
    item,
    run_plan,
    start,
)

BATCH_END = BatchEnd(finished_at=after(9), duration_s=9.5, interrupted_by=15, halted="fail=20%")


async def test_a_run_that_was_begun_is_read_back(ledger: Ledger) -> None:
    await ledger.begin_run(run_plan(), start())
    assert await ledger.run(RUN) == RunRecord(plan=run_plan(), starts=(start(),), batches=())


async def test_the_drivers_log_no_statements_at_level_debug(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await ledger.begin_run(run_plan(), start())
    assert await ledger.run(RUN)
    assert [each.name for each in caplog.records if each.levelno == logging.DEBUG] == []


async def test_nothing_is_known_of_what_was_never_begun(ledger: Ledger) -> None:
    assert await ledger.run(RUN) is None
    assert await ledger.runs(9) == ()
    assert await ledger.batch(RUN, JOB) is None
    assert await ledger.job(RUN, JOB, A) is None


async def test_a_run_may_be_begun_again_by_the_same_start(ledger: Ledger) -> None:
    await ledger.begin_run(run_plan(), start())
    await ledger.end_start(RUN, 1, after(5))
    await ledger.begin_run(run_plan(), start())
    run = await ledger.run(RUN)
    assert run is not None
    assert run.starts == (replace(start(), finished_at=after(5)),)


@pytest.mark.parametrize(
    ("plan", "first"),
    [
        (replace(run_plan(), logs_folder="/other"), start()),
        (run_plan(), start(owner=OTHERS)),
        (run_plan(), replace(start(), started_at=after(1))),
    ],
)
async def test_a_run_of_a_taken_id_is_refused_and_changes_nothing(
    ledger: Ledger, plan: RunPlan, first: Start
) -> None:
    await ledger.begin_run(run_plan(), start())
    with pytest.raises(RunTakenError, match=RUN):
        await ledger.begin_run(plan, first)
    assert await ledger.run(RUN) == RunRecord(plan=run_plan(), starts=(start(),), batches=())


async def test_starts_tell_of_their_end(ledger: Ledger) -> None:
    await ledger.begin_run(run_plan(), start())
    for _ in range(2):
        await ledger.begin_start(RUN, start(2))
        await ledger.end_start(RUN, 2, after(4))
    run = await ledger.run(RUN)
    assert run is not None
    ended = replace(start(2), finished_at=after(4))
    assert run.starts == (start(), ended)


async def test_two_processes_cannot_make_the_same_start(ledger: Ledger) -> None:
    await ledger.begin_run(run_plan(), start())
    await ledger.begin_start(RUN, start(2))
    with pytest.raises(RunTakenError):
        await ledger.begin_start(RUN, start(2, OTHERS))


async def test_a_batch_has_one_pending_job_per_account_in_their_order(ledger: Ledger) -> None:
    await ledger.begin_run(run_plan(), start())
    for _ in range(2):
        await ledger.begin_batches([batch_plan()])
    pending = (JobRecord(account=B, requested=5), JobRecord(account=A, requested=3))
    assert await ledger.batch(RUN, JOB) == BatchRecord(plan=batch_plan(), jobs=pending)


async def test_batches_are_read_in_the_order_in_which_they_were_begun(ledger: Ledger) -> None:
    await ledger.begin_run(run_plan(), start())
    for job_id in ("zz", "aa", "mm"):
        await ledger.begin_batches([batch_plan(job_id)])
    run = await ledger.run(RUN)
    assert run is not None
    assert [batch.plan.job_id for batch in run.batches] == ["zz", "aa", "mm"]


async def test_the_batches_of_a_round_are_written_together_and_read_by_round(
    ledger: Ledger,
) -> None:
    await ledger.begin_run(run_plan(), start())
    together = [batch_plan("one"), replace(batch_plan("two"), on_failure=OnFailure.STOP)]
    await ledger.begin_batches(together)
    await ledger.begin_batches([replace(batch_plan("three"), round_number=2)])
    run = await ledger.run(RUN)
    assert run is not None
    first, second = run.rounds
    assert [batch.plan for batch in first] == together
    assert [batch.plan.job_id for batch in second] == ["three"]


async def test_of_a_round_that_cannot_be_written_whole_nothing_is(ledger: Ledger) -> None:
    await ledger.begin_run(run_plan(), start())
    with pytest.raises(LedgerError):
        await ledger.begin_batches([batch_plan("one"), batch_plan("two", run_id="no such run")])
    assert await ledger.batch(RUN, "one") is None


async def test_an_ended_batch_tells_how(ledger: Ledger) -> None:
    await begun_job(ledger)
    for _ in range(2):
        await ledger.end_batch(RUN, JOB, BATCH_END)
    batch = await ledger.batch(RUN, JOB)
    assert batch is not None
    assert batch.end == BATCH_END


async def test_a_reopened_batch_forgets_its_end_and_its_jobs_theirs_when_they_go_on(
    ledger: Ledger,
) -> None:
    job = await begun_job(ledger)
    await ledger.park_jobs(RUN, JOB, {A: END, B: END})
    await ledger.end_batch(RUN, JOB, BATCH_END)
    for _ in range(2):
        await ledger.reopen_batch(RUN, JOB)
        await ledger.begin_attempt(job, 2, BEGIN)
    batch = await ledger.batch(RUN, JOB)
    assert batch is not None
    assert batch.end is None
    assert {job.account: job.end for job in batch.jobs} == {A: None, B: END}


async def test_the_latest_runs_come_first(ledger: Ledger) -> None:
    for run_id in ("2", "3", "1"):
        await ledger.begin_run(run_plan(run_id), start())
    await ledger.begin_start("3", start(2))
    assert await ledger.runs(2) == (
        (run_plan("1"), (start(),)),
        (run_plan("3"), (start(), start(2))),
    )


async def test_what_was_never_begun_cannot_go_on_or_end(ledger: Ledger) -> None:
    with pytest.raises(LedgerError):
        await ledger.begin_start(RUN, start())
    with pytest.raises(LedgerError):
        await ledger.end_start(RUN, 1, BEGIN)
    with pytest.raises(LedgerError):
        await ledger.begin_batches([batch_plan()])
    with pytest.raises(LedgerError):
        await ledger.end_batch(RUN, JOB, BATCH_END)
    with pytest.raises(LedgerError):
        await ledger.park_jobs(RUN, JOB, {A: END})


async def test_two_ledgers_over_one_database_see_each_other(open_same: OpenLedger) -> None:
    async with open_same() as one, open_same() as other:
        await one.begin_run(run_plan(), start())
        assert await other.run(RUN) == await one.run(RUN)
        with pytest.raises(RunTakenError):
            await other.begin_run(run_plan(), start(owner=OTHERS))


async def test_the_outcomes_of_a_run_are_those_of_its_accounts_in_every_batch(
    ledger: Ledger,
) -> None:
    job = await begun_job(ledger)
    await ledger.begin_batches([batch_plan("cd34")])
    clean = replace(END, stop_reason=StopReason.QUANTITY_REACHED, failure=None)
    assert await ledger.outcomes(RUN) == {A: False, B: False}

    for job_id in (JOB, "cd34"):
        await ledger.park_jobs(RUN, job_id, {A: clean, B: clean})
    assert await ledger.outcomes(RUN) == {A: True, B: True}

    await ledger.record_item(job, item("1"), BEGIN)
    assert await ledger.outcomes(RUN) == {A: True, B: True}
    for outcome in (ItemOutcome.FAILED, ItemOutcome.UNKNOWN):
        await ledger.record_item(job, item("2", outcome), BEGIN)
        assert await ledger.outcomes(RUN) == {A: False, B: True}
    await ledger.claim_item(job, "2", BEGIN)
    assert await ledger.outcomes(RUN) == {A: False, B: True}
    assert await ledger.outcomes("another") == {}
