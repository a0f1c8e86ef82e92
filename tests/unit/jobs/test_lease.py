import asyncio
from datetime import timedelta

import pytest

from percenty_batch.errors import LeaseHeldError, LeaseLostError, LedgerError
from percenty_batch.jobs import lease as lease_module
from percenty_batch.jobs import leased
from percenty_batch.jobs.lease import AccountLease
from percenty_batch.ledger import Holder, Lease, MemoryLedger, Owner
from tests.unit.jobs.builders import NOON
from tests.unit.jobs.ledgers import DEAD, LEASE_S, OTHERS, OURS, virtual_now

ACCOUNT = "account:a@example.com"


class Asked(MemoryLedger):
    """Counts the renewals; `is_silent`: refuses them."""

    def __init__(self) -> None:
        super().__init__(virtual_now)
        self.renewals = 0
        self.is_silent = False

    async def renew(self, lease: Lease) -> bool:
        self.renewals += 1
        if self.is_silent:
            raise LedgerError("응답이 없습니다")
        return await super().renew(lease)


class Clock:
    """The steady clock of the lease."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(lease_module, "steady_s", clock)
    return clock


@pytest.fixture
def ledger() -> Asked:
    return Asked()


async def held(ledger: MemoryLedger, owner: Owner = OURS) -> Lease:
    lease = await ledger.acquire(ACCOUNT, owner, LEASE_S)
    assert isinstance(lease, Lease)
    return lease


async def take_over(ledger: MemoryLedger, lease: Lease) -> None:
    await ledger.release(lease)
    await held(ledger, OTHERS)


async def holder_of(ledger: MemoryLedger) -> Owner | None:
    holder = await ledger.holder(ACCOUNT)
    return holder.owner if holder else None


@pytest.mark.parametrize("later_s", [0.0, 10.0, 26.9])
async def test_within_its_time_nobody_needs_to_be_asked(
    ledger: Asked, clock: Clock, later_s: float
) -> None:
    lease = AccountLease(ledger, await held(ledger), clock.now_s)
    clock.now_s += later_s
    await lease.check()
    assert ledger.renewals == 0


@pytest.mark.parametrize("later_s", [27.0, 30.0, 1e6])
async def test_after_its_time_the_ledger_is_asked_once_and_the_time_begins_anew(
    ledger: Asked, clock: Clock, later_s: float
) -> None:
    lease = AccountLease(ledger, await held(ledger), clock.now_s)
    clock.now_s += later_s

    await lease.check()
    clock.now_s += 26
    await lease.check()

    assert ledger.renewals == 1
    assert not lease.lost.is_set()


async def test_the_time_counts_from_the_question_and_not_from_the_answer(
    ledger: Asked, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = AccountLease(ledger, await held(ledger), clock.now_s)

    async def answer_late(_lease: Lease) -> bool:
        ledger.renewals += 1
        clock.now_s += 20
        return True

    monkeypatch.setattr(ledger, "renew", answer_late)
    clock.now_s += 30
    await lease.check()
    clock.now_s += 8
    await lease.check()
    assert ledger.renewals == 2


async def test_a_lease_that_was_taken_over_is_lost_for_good(ledger: Asked, clock: Clock) -> None:
    lease = AccountLease(ledger, await held(ledger), clock.now_s)
    await take_over(ledger, lease.lease)
    clock.now_s += 30

    for _ in range(2):
        with pytest.raises(LeaseLostError):
            await lease.check()

    assert lease.lost.is_set()
    assert ledger.renewals == 1  # what is lost need not be asked for again


async def test_without_an_answer_nothing_may_be_changed_and_nothing_is_lost(
    ledger: Asked, clock: Clock
) -> None:
    lease = AccountLease(ledger, await held(ledger), clock.now_s)
    ledger.is_silent = True
    clock.now_s += 30

    with pytest.raises(LedgerError):
        await lease.check()
    assert not lease.lost.is_set()

    ledger.is_silent = False
    await lease.check()


async def test_a_held_lease_is_kept_as_long_as_the_work_takes() -> None:
    ledger = Asked()
    async with leased(ledger, ACCOUNT, OURS, LEASE_S):
        await asyncio.sleep(100 * LEASE_S)
        assert await holder_of(ledger) == OURS
    assert await holder_of(ledger) is None


async def test_a_ledger_that_is_silent_for_a_while_costs_no_lease() -> None:
    ledger = Asked()
    async with leased(ledger, ACCOUNT, OURS, LEASE_S) as lease:
        ledger.is_silent = True
        await asyncio.sleep(3 * LEASE_S)
        ledger.is_silent = False
        await asyncio.sleep(LEASE_S)
        assert await holder_of(ledger) == OURS
        assert not lease.lost.is_set()


async def test_whoever_was_taken_over_learns_of_it_and_takes_nothing_back() -> None:
    ledger = Asked()
    async with leased(ledger, ACCOUNT, OURS, LEASE_S) as lease:
        await take_over(ledger, lease.lease)
        async with asyncio.timeout(LEASE_S):
            await lease.lost.wait()
    assert await holder_of(ledger) == OTHERS


async def test_the_lease_is_given_back_when_the_work_breaks() -> None:
    ledger = Asked()
    before = asyncio.all_tasks()
    with pytest.raises(KeyError):
        async with leased(ledger, ACCOUNT, OURS, LEASE_S):
            raise KeyError
    assert await holder_of(ledger) is None
    assert asyncio.all_tasks() == before


async def test_a_lease_that_cannot_be_given_back_hides_no_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = Asked()

    async def refuse(_lease: Lease) -> None:
        raise LedgerError("응답이 없습니다")

    monkeypatch.setattr(ledger, "release", refuse)
    async with leased(ledger, ACCOUNT, OURS, LEASE_S):
        pass


async def test_a_living_owner_keeps_the_account_and_is_named() -> None:
    ledger = Asked()
    async with leased(ledger, ACCOUNT, OTHERS, LEASE_S):
        await asyncio.sleep(5)
        with pytest.raises(LeaseHeldError) as caught:
            async with leased(ledger, ACCOUNT, OURS, LEASE_S):
                pass
    # One renewal is sign of life enough: nobody waits for the lease to lapse.
    assert asyncio.get_running_loop().time() < 5 + LEASE_S
    since = f"{NOON.astimezone():%Y-%m-%d %H:%M:%S}"
    assert str(caught.value) == f"다른 실행이 사용 중입니다: {OTHERS}, {since}부터"


async def test_of_a_dead_owner_here_the_account_is_taken_at_once() -> None:
    ledger = Asked()
    await held(ledger, DEAD)
    async with leased(ledger, ACCOUNT, OURS, LEASE_S):
        assert asyncio.get_running_loop().time() == 0


async def test_of_a_silent_owner_elsewhere_the_account_is_taken_when_its_lease_has_lapsed() -> None:
    ledger = Asked()
    await held(ledger, OTHERS)
    async with leased(ledger, ACCOUNT, OURS, LEASE_S):
        waited_s = asyncio.get_running_loop().time()
    assert LEASE_S <= waited_s <= 1.5 * LEASE_S


async def test_a_lease_that_was_waited_for_is_valid_from_its_own_question(
    clock: Clock,
) -> None:
    ledger = Asked()
    await held(ledger, OTHERS)
    clock.now_s = 0.0
    asyncio.get_running_loop().call_later(1, lambda: setattr(clock, "now_s", 500.0))

    async with leased(ledger, ACCOUNT, OURS, LEASE_S) as lease:
        asked = ledger.renewals
        clock.now_s += 26
        await lease.check()
        assert ledger.renewals == asked


class Frozen(MemoryLedger):
    """Shows for ever a holder who never renews and whose lease never lapses."""

    async def acquire(self, resource: str, owner: Owner, ttl_s: float) -> Lease | Holder:
        del resource, owner
        later = NOON + timedelta(seconds=ttl_s)
        return Holder(owner=OTHERS, since=NOON, renewed_at=NOON, expires_at=later)


async def test_the_waiting_for_a_silent_owner_has_an_end() -> None:
    with pytest.raises(LeaseHeldError):
        async with leased(Frozen(), ACCOUNT, OURS, LEASE_S):
            pass
    assert asyncio.get_running_loop().time() < 3 * LEASE_S


def test_the_steady_clock_only_goes_on() -> None:
    first, second = lease_module.steady_s(), lease_module.steady_s()
    assert 0 < first <= second
