import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest

from percenty_batch.errors import LeaseLostError
from percenty_batch.ledger import Edit, Holder, JobRef, Lease, Ledger, Owner
from tests.contract.ledger.conftest import OpenLedger
from tests.contract.ledger.examples import BEGIN, END, OTHERS, US, A, begun_job, item, read, taken

NEIGHBOUR = replace(US, run_id="another run here")
GHOST = replace(US, run_id="a dead run", born=US.born - 1)  # our id, used before us

FENCED: dict[str, Callable[[Ledger, JobRef], Awaitable[object]]] = {
    "begin_attempt": lambda ledger, job: ledger.begin_attempt(job, 7, BEGIN),
    "end_attempt": lambda ledger, job: ledger.end_attempt(job, 1, BEGIN, None),
    "end_job": lambda ledger, job: ledger.end_job(job, END),
    "claim_item": lambda ledger, job: ledger.claim_item(job, "new", BEGIN),
    "record_item": lambda ledger, job: ledger.record_item(job, item("k"), BEGIN),
    "edits": lambda ledger, job: ledger.edits(job, "k"),
    "intend": lambda ledger, job: ledger.intend(job, "k", Edit(action="a", intended=1)),
    "spend": lambda ledger, job: ledger.spend(job, "b", date.min, what="k", amount=1),
}


async def test_a_free_lease_is_taken_and_its_holder_known(ledger: Ledger) -> None:
    assert await ledger.holder(A) is None
    lease = await taken(ledger, A, ttl_s=60)
    assert lease == Lease(resource=A, owner=US, token=lease.token, ttl_s=60)
    holder = await ledger.holder(A)
    assert holder is not None
    assert holder.owner == US
    assert holder.since == holder.renewed_at < holder.expires_at


@pytest.mark.parametrize("owner", [OTHERS, NEIGHBOUR])
async def test_a_held_lease_is_refused_with_who_holds_it(ledger: Ledger, owner: Owner) -> None:
    await taken(ledger, A, owner)
    refused = await ledger.acquire(A, US, 60)
    assert isinstance(refused, Holder)
    assert refused == await ledger.holder(A)
    assert refused.owner == owner


async def test_a_lapsed_lease_is_free(ledger: Ledger) -> None:
    theirs = await taken(ledger, A, OTHERS, ttl_s=0)
    assert await ledger.holder(A) is None
    assert (await taken(ledger, A)).token > theirs.token
    assert not await ledger.renew(theirs)


async def test_the_lease_of_a_dead_process_is_free_at_once(ledger: Ledger) -> None:
    ghosts = await taken(ledger, A, GHOST, ttl_s=1e6)
    assert (await taken(ledger, A)).token > ghosts.token


async def test_the_death_of_a_process_elsewhere_is_not_known(ledger: Ledger) -> None:
    await taken(ledger, A, replace(GHOST, place="elsewhere"), ttl_s=1e6)
    assert isinstance(await ledger.acquire(A, US, 60), Holder)


async def test_its_owner_may_take_a_lease_again(ledger: Ledger) -> None:
    first, second = await taken(ledger, A), await taken(ledger, A)
    assert second.token > first.token
    assert not await ledger.renew(first)
    assert await ledger.renew(second)


async def test_a_renewed_lease_lasts_longer(ledger: Ledger) -> None:
    lease = await taken(ledger, A)
    before = await ledger.holder(A)
    for _ in range(2):
        assert await ledger.renew(lease)
    after = await ledger.holder(A)
    assert before is not None
    assert after is not None
    assert after.since == before.since
    assert after.renewed_at > before.renewed_at
    assert after.expires_at > before.expires_at


async def test_a_lapsed_lease_that_nobody_took_is_prolonged(ledger: Ledger) -> None:
    lease = await taken(ledger, A, ttl_s=0)
    assert await ledger.renew(replace(lease, ttl_s=60))
    assert await ledger.holder(A) is not None


async def test_a_lease_given_back_is_free_and_never_renewed(ledger: Ledger) -> None:
    lease = await taken(ledger, A)
    for _ in range(2):
        await ledger.release(lease)
    assert await ledger.holder(A) is None
    assert not await ledger.renew(lease)
    assert (await taken(ledger, A, OTHERS)).token > lease.token


async def test_only_the_own_lease_is_given_back(ledger: Ledger) -> None:
    lost = await taken(ledger, A, ttl_s=0)
    await taken(ledger, A, OTHERS)
    await ledger.release(lost)
    holder = await ledger.holder(A)
    assert holder is not None
    assert holder.owner == OTHERS


async def test_a_lease_that_nobody_ever_took_can_be_given_back(ledger: Ledger) -> None:
    lease = Lease(resource=A, owner=US, token=1, ttl_s=1)
    assert not await ledger.renew(lease)
    await ledger.release(lease)
    assert await ledger.holder(A) is None


@pytest.mark.parametrize("call", FENCED.values(), ids=FENCED.keys())
async def test_who_lost_the_lease_changes_nothing(
    ledger: Ledger, call: Callable[[Ledger, JobRef], Awaitable[object]]
) -> None:
    job = await begun_job(ledger)
    await ledger.begin_attempt(job, 1, BEGIN)
    await ledger.claim_item(job, "k", BEGIN)
    await ledger.intend(job, "k", Edit(action="a", intended=0))
    await call(ledger, job)  # with the lease, it may
    await ledger.renew(replace(job.lease, ttl_s=0))
    theirs = replace(job, lease=await taken(ledger, A, OTHERS))
    before = await read(ledger, job), await ledger.edits(theirs, "k")
    with pytest.raises(LeaseLostError):
        await call(ledger, job)
    assert (await read(ledger, job), await ledger.edits(theirs, "k")) == before


async def test_a_lapsed_lease_that_nobody_took_still_lets_us_write(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    assert await ledger.renew(replace(job.lease, ttl_s=0))
    await ledger.claim_item(job, "k", BEGIN)
    assert len((await read(ledger, job)).items) == 1


async def test_of_many_who_want_a_lease_at_once_one_gets_it(open_same: OpenLedger) -> None:
    async with open_same() as one, open_same() as other:
        owners = [replace(OTHERS, place=f"host {n}", pid=n) for n in range(10)]
        answers = await asyncio.gather(
            *((one if owner.pid % 2 else other).acquire(A, owner, 60) for owner in owners)
        )
        winners = {answer.owner for answer in answers}
        assert len(winners) == 1
        assert sum(isinstance(answer, Lease) for answer in answers) == 1
