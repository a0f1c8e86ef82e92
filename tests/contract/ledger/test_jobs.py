from dataclasses import replace
from datetime import date

import pytest

from percenty_batch.errors import FailureKind, LedgerError
from percenty_batch.ledger import AttemptRecord, Edit, ItemRecord, Ledger, Turn
from percenty_batch.models import ItemOutcome, StopReason
from tests.contract.ledger.examples import (
    BEGIN,
    END,
    FAILURE,
    A,
    B,
    after,
    begun_job,
    item,
    read,
    taken,
)

DAY = date(2026, 1, 5)


async def test_attempts_are_kept_with_their_ends(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    for _ in range(2):
        await ledger.begin_attempt(job, 1, after(1))
        await ledger.end_attempt(job, 1, after(2), FAILURE)
    await ledger.begin_attempt(job, 2, after(3))
    assert (await read(ledger, job)).attempts == (
        AttemptRecord(number=1, started_at=after(1), finished_at=after(2), failure=FAILURE),
        AttemptRecord(number=2, started_at=after(3)),
    )


async def test_an_attempt_that_never_began_cannot_end(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    with pytest.raises(LedgerError):
        await ledger.end_attempt(job, 1, BEGIN, None)


async def test_an_ended_job_tells_how(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    for end in (END, END, replace(END, failure=None, source_before=None, evidence=())):
        await ledger.end_job(job, end)
        assert (await read(ledger, job)).end == end


async def test_a_parked_job_keeps_its_attempts_and_items(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    await ledger.begin_attempt(job, 1, BEGIN)
    await ledger.claim_item(job, "k", BEGIN)
    before = await read(ledger, job)
    for _ in range(2):
        await ledger.park_jobs(job.run_id, job.job_id, {job.account: END})
    assert await read(ledger, job) == replace(before, end=END)


async def test_jobs_are_parked_all_or_none(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    other = replace(END, stop_reason=StopReason.CANCELLED, failure=None)
    with pytest.raises(LedgerError):
        await ledger.park_jobs(job.run_id, job.job_id, {A: END, "nobody@example.com": END})
    assert (await read(ledger, job)).end is None
    await ledger.park_jobs(job.run_id, job.job_id, {})
    await ledger.park_jobs(job.run_id, job.job_id, {A: END, B: other})
    batch = await ledger.batch(job.run_id, job.job_id)
    assert batch is not None
    assert {each.account: each.end for each in batch.jobs} == {A: END, B: other}


async def test_a_claimed_item_is_in_flight_until_it_is_recorded(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    for _ in range(2):
        await ledger.claim_item(job, "k", after(1))
    assert (await read(ledger, job)).items == (ItemRecord(key="k", claimed_at=after(1)),)
    result = replace(item("k"), reason="이유", moved_to="그룹", evidence=("a.png", "b.html"))
    for _ in range(2):
        await ledger.record_item(job, result, after(2))
    recorded = ItemRecord(key="k", claimed_at=after(1), result=result, recorded_at=after(2))
    assert (await read(ledger, job)).items == (recorded,)


async def test_an_item_that_is_claimed_again_forgets_its_result_and_keeps_its_place(
    ledger: Ledger,
) -> None:
    job = await begun_job(ledger)
    for key in ("z", "a", "m"):
        await ledger.claim_item(job, key, after(1))
        await ledger.record_item(job, item(key, ItemOutcome.FAILED), after(2))
    await ledger.claim_item(job, "z", after(3))
    first, *others = (await read(ledger, job)).items
    assert first == ItemRecord(key="z", claimed_at=after(3))
    assert [other.key for other in others] == ["a", "m"]


async def test_an_item_may_be_recorded_without_a_claim(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    skipped = item("k", ItemOutcome.SKIPPED)
    await ledger.record_item(job, skipped, after(2))
    recorded = ItemRecord(key="k", claimed_at=after(2), result=skipped, recorded_at=after(2))
    assert (await read(ledger, job)).items == (recorded,)


async def test_edits_are_read_in_the_order_in_which_they_were_first_intended(
    ledger: Ledger,
) -> None:
    job = await begun_job(ledger)
    memo, name = Edit(action="memo", intended="A"), Edit(action="name", intended=["x", None, 1.5])
    again = Edit(action="memo", intended={"text": "B\0\ud83d"}, is_done=True)
    for edit in (memo, name, again, again):
        await ledger.intend(job, "k", edit)
    assert await ledger.edits(job, "k") == (again, name)
    assert await ledger.edits(job, "other") == ()


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (ItemOutcome.FAILED, FailureKind.TIMEOUT),
        (ItemOutcome.UNKNOWN, FailureKind.UNKNOWN),
        (ItemOutcome.SKIPPED, FailureKind.DATA),  # for want of a budget
    ],
)
async def test_edits_of_an_item_that_is_not_finished_are_found_by_the_next_run(
    ledger: Ledger, outcome: ItemOutcome, kind: FailureKind
) -> None:
    job = await begun_job(ledger)
    memo = Edit(action="memo", intended="A")
    await ledger.intend(job, "k", memo)
    await ledger.record_item(job, replace(item("k", outcome), kind=kind), BEGIN)
    next_job = await begun_job(ledger, run_id="next run")
    assert await ledger.edits(next_job, "k") == (memo,)


@pytest.mark.parametrize("outcome", [ItemOutcome.DONE, ItemOutcome.SKIPPED])
async def test_edits_of_a_finished_item_are_history(ledger: Ledger, outcome: ItemOutcome) -> None:
    job = await begun_job(ledger)
    for key in ("k", "other"):
        await ledger.intend(job, key, Edit(action="memo", intended="A"))
    for _ in range(2):
        await ledger.record_item(job, item("k", outcome), BEGIN)
    assert await ledger.edits(job, "k") == ()
    assert len(await ledger.edits(job, "other")) == 1
    anew = Edit(action="memo", intended="B")
    await ledger.intend(job, "k", anew)
    assert await ledger.edits(job, "k") == (anew,)


async def test_edits_belong_to_one_account_and_step(ledger: Ledger) -> None:
    job, others = await begun_job(ledger), await begun_job(ledger, B)
    await ledger.intend(job, "k", Edit(action="memo", intended=None))
    assert await ledger.edits(others, "k") == ()
    assert await ledger.edits(replace(job, step="step2"), "k") == ()


async def test_a_turn_goes_on_from_where_the_edit_left_it(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    assert await ledger.turn(A, "letters") == Turn(name="letters", position=0)
    for position in (1, 25, 25):
        moved = Turn(name="letters", position=position)
        await ledger.intend(job, "k", Edit(action="memo", intended="A"), moved)
    assert await ledger.turn(A, "letters") == Turn(name="letters", position=25)
    assert (await ledger.turn(A, "discounts")).position == 0
    assert (await ledger.turn(B, "letters")).position == 0


async def test_a_budget_adds_up_what_was_spent_on_each_item(ledger: Ledger) -> None:
    job, others = await begun_job(ledger), await begun_job(ledger, B)
    assert await ledger.spent(A, "image", DAY) == 0
    for what, amount in (("k1", 4), ("k2", 2), ("k2", 2), ("k1", 3)):
        await ledger.spend(job, "image", DAY, what=what, amount=amount)
    await ledger.spend(others, "image", DAY, what="k1", amount=100)
    assert await ledger.spent(A, "image", DAY) == 5
    assert await ledger.spent(A, "image", date(2026, 1, 6)) == 0
    assert await ledger.spent(A, "text", DAY) == 0


async def test_jobs_of_one_batch_do_not_mix(ledger: Ledger) -> None:
    job, others = await begun_job(ledger), await begun_job(ledger, B)
    await ledger.claim_item(job, "k", BEGIN)
    await ledger.begin_attempt(others, 1, BEGIN)
    assert (await read(ledger, job)).attempts == ()
    assert (await read(ledger, others)).items == ()


async def test_a_job_that_is_not_in_the_ledger_cannot_be_written_to(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    stranger = replace(job, account="c@example.com", lease=await taken(ledger, "c@example.com"))
    with pytest.raises(LedgerError):
        await ledger.claim_item(stranger, "k", BEGIN)
    with pytest.raises(LedgerError):
        await ledger.end_job(stranger, END)
