from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.ledger import Holder, Lease, MemoryLedger, Owner
from percenty_batch.ledger.leases import Standing, held, released, renewed, taken

NOW = datetime(2026, 1, 5, tzinfo=UTC)
TTL_S = 30.0


def owner(number: int) -> Owner:
    return Owner(place=f"place {number}", host="host", pid=number, born=0.0, run_id="run")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def lease(standing: Standing) -> Lease:
    assert standing.holder is not None
    return Lease(resource="a", owner=standing.holder.owner, token=standing.token, ttl_s=TTL_S)


def test_a_lease_is_held_until_its_time_is_over() -> None:
    standing = taken(Standing(), owner(1), TTL_S, NOW)
    assert held(standing, after(29.9)) == standing.holder
    assert held(standing, after(30)) is None


def test_renewing_counts_from_now_on() -> None:
    standing = taken(Standing(), owner(1), TTL_S, NOW)
    prolonged = renewed(standing, lease(standing), after(20))
    assert prolonged is not None
    assert prolonged.holder == Holder(
        owner=owner(1), since=NOW, renewed_at=after(20), expires_at=after(50)
    )


def test_what_somebody_else_has_is_neither_prolonged_nor_given_back() -> None:
    ours = taken(Standing(), owner(1), TTL_S, NOW)
    theirs = taken(ours, owner(2), TTL_S, after(40))
    assert renewed(theirs, lease(ours), after(41)) is None
    assert released(theirs, lease(ours)) == theirs


@given(st.lists(st.sampled_from(["take", "renew", "give back"])))
def test_tokens_only_grow(calls: list[str]) -> None:
    standing, tokens = Standing(), [0]
    for call in calls:
        mine = Lease(resource="a", owner=owner(1), token=standing.token, ttl_s=TTL_S)
        if call == "take":
            standing = taken(standing, owner(1), TTL_S, NOW)
            tokens.append(standing.token)
        elif call == "renew":
            standing = renewed(standing, mine, NOW) or standing
        else:
            standing = released(standing, mine)
    assert tokens == list(range(len(tokens)))


async def test_the_twins_leases_lapse_by_its_clock() -> None:
    clock = [NOW]
    ledger = MemoryLedger(clock=lambda: clock[0])
    await ledger.acquire("a", owner(1), TTL_S)
    clock[0] = after(29)
    assert isinstance(await ledger.acquire("a", owner(2), TTL_S), Holder)
    clock[0] = after(30)
    assert isinstance(await ledger.acquire("a", owner(2), TTL_S), Lease)
