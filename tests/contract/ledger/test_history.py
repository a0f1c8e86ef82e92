"""What earlier runs came to, read without their items."""

from dataclasses import replace

from percenty_batch.ledger import Ledger
from percenty_batch.models import ItemOutcome, Night, StopReason, Totals
from tests.contract.ledger.examples import (
    END,
    FAILURE,
    JOB,
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


async def test_an_item_in_flight_is_unknown_and_a_job_without_an_end_was_cut_off(
    ledger: Ledger,
) -> None:
    job = await begun_job(ledger)
    await ledger.begin_attempt(job, 1, after(0))
    await ledger.record_item(job, item("1"), after(1))
    await ledger.record_item(job, item("2", ItemOutcome.SKIPPED), after(2))
    await ledger.claim_item(job, "3", after(3))

    night = await ledger.night(RUN, A)

    assert night is not None
    (told,) = night.jobs
    assert told.totals == Totals(requested=3, done=1, failed=0, skipped=1, unknown=1)
    assert (told.attempts, told.stop_reason) == (1, StopReason.ERROR)
    assert told.failure is not None


async def test_a_night_tells_why_a_job_failed(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    await ledger.end_job(job, END)

    night = await ledger.night(RUN)

    assert night is not None
    assert [(job.account, job.failure) for job in night.jobs] == [(B, None), (A, FAILURE)]


async def test_of_a_run_that_is_not_there_no_night_is_told(ledger: Ledger) -> None:
    assert await ledger.night(RUN) is None
    await ledger.begin_run(run_plan(), start())
    assert await ledger.night(RUN) == Night(run_id=RUN, stamp=run_plan().stamp, jobs=())


async def test_runs_are_found_newest_first_and_only_those_with_a_batch(ledger: Ledger) -> None:
    for run_id in ("2", "3", "1"):
        await begun(ledger, run_id)
    await ledger.begin_run(run_plan("empty"), start())

    assert await found(ledger) == ["1", "3", "2"]
    assert [plan.run_id for plan in await ledger.find_runs(2)] == ["1", "3"]


async def test_runs_are_found_that_were_begun_before_another(ledger: Ledger) -> None:
    for run_id in ("2", "3", "1"):
        await begun(ledger, run_id)

    assert await found(ledger, before="1") == ["3", "2"]
    assert await found(ledger, before="2") == []
    assert await found(ledger, before="unheard of") == []


async def test_runs_are_found_by_site_step_and_account(ledger: Ledger) -> None:
    await begun(ledger, "1", step="1", accounts=(A,))
    await begun(ledger, "2", step="2_1", accounts=(A, B))
    await begun(ledger, "3", step="3_1", accounts=(B,), site="http://127.0.0.1")

    assert await found(ledger, steps=("1", "3_1")) == ["3", "1"]
    assert await found(ledger, account=A) == ["2", "1"]
    assert await found(ledger, site=run_plan().site) == ["2", "1"]
    assert await found(ledger, steps=("2_1",), account=B, before="3") == ["2"]
    assert await found(ledger, steps=("1",), account=B) == []


async def test_step_and_account_are_those_of_one_batch(ledger: Ledger) -> None:
    await begun(ledger, "1", step="1", accounts=(A,))
    second = replace(batch_plan(f"{JOB}_2", run_id="1"), step="2_1", requested={B: 5})
    await ledger.begin_batches([second])

    assert await found(ledger, steps=("1",), account=B) == []
    assert await found(ledger, steps=("2_1",), account=B) == ["1"]


async def begun(
    ledger: Ledger,
    run_id: str,
    *,
    step: str = "1",
    accounts: tuple[str, ...] = (A,),
    site: str | None = None,
) -> None:
    await ledger.begin_run(replace(run_plan(run_id), site=site or run_plan().site), start())
    plan = batch_plan(run_id=run_id)
    await ledger.begin_batches([replace(plan, step=step, requested=dict.fromkeys(accounts, 5))])


async def found(
    ledger: Ledger,
    *,
    before: str | None = None,
    site: str | None = None,
    steps: tuple[str, ...] = (),
    account: str | None = None,
) -> list[str]:
    plans = await ledger.find_runs(99, before=before, site=site, steps=steps, account=account)
    return [plan.run_id for plan in plans]
