"""The law of leases, as pure functions of what stands in the ledger and the time there."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from percenty_batch.ledger.records import Holder, Lease, Owner
from percenty_batch.models import account_key


def account_resource(account_id: str) -> str:
    """Name what is leased of an account, however its id is spelled."""
    return f"account:{account_key(account_id)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is kept of a resource for ever: the last token, and who has not given it back."""

    token: int = 0
    holder: Holder | None = None


def held(standing: Standing, now: datetime) -> Holder | None:
    """Return who holds the lease; None when it is free or has lapsed."""
    holder = standing.holder
    return holder if holder is not None and now < holder.expires_at else None


def taken(standing: Standing, owner: Owner, ttl_s: float, now: datetime) -> Standing:
    """Give the lease to `owner` under a token that nobody ever had."""
    expires_at = now + timedelta(seconds=ttl_s)
    holder = Holder(owner=owner, since=now, renewed_at=now, expires_at=expires_at)
    return Standing(token=standing.token + 1, holder=holder)


def renewed(standing: Standing, lease: Lease, now: datetime) -> Standing | None:
    """Prolong the lease; None when it is no longer this one's, or was given back."""
    if standing.token != lease.token or standing.holder is None:
        return None
    expires_at = now + timedelta(seconds=lease.ttl_s)
    return replace(standing, holder=replace(standing.holder, renewed_at=now, expires_at=expires_at))


def released(standing: Standing, lease: Lease) -> Standing:
    """Free the lease, if it is still this one's."""
    return replace(standing, holder=None) if standing.token == lease.token else standing
