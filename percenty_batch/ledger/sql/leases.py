"""Statements about leases. The row of a resource is locked while its law is applied."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.errors import LeaseLostError
from percenty_batch.ledger.leases import Standing, held, released, renewed, taken
from percenty_batch.ledger.owners import is_dead
from percenty_batch.ledger.records import Holder, Lease, Owner
from percenty_batch.ledger.sql.rows import standing_of, standing_values
from percenty_batch.ledger.sql.schema import leases
from percenty_batch.ledger.sql.writing import add, change


async def check_fence(tx: AsyncConnection, lease: Lease) -> None:
    """Raise LeaseLostError when the lease was taken; nobody takes it before `tx` has ended."""
    token = select(leases.c.token).filter_by(resource=lease.resource).with_for_update()
    if await tx.scalar(token) != lease.token:
        raise LeaseLostError


async def acquire(tx: AsyncConnection, resource: str, owner: Owner, ttl_s: float) -> Lease | Holder:
    await add(tx, leases, [{"resource": resource, "token": 0}])  # a row that can be locked
    standing = await _locked(tx, resource)
    now = await _now(tx)
    holder = held(standing, now)
    if holder is not None and not await _gives_way(holder.owner, owner):
        return holder
    standing = taken(standing, owner, ttl_s, now)
    await _write(tx, resource, standing)
    return Lease(resource=resource, owner=owner, token=standing.token, ttl_s=ttl_s)


async def renew(tx: AsyncConnection, lease: Lease) -> bool:
    standing = await _locked(tx, lease.resource)
    prolonged = renewed(standing, lease, await _now(tx))
    if prolonged is None:
        return False
    await _write(tx, lease.resource, prolonged)
    return True


async def release(tx: AsyncConnection, lease: Lease) -> None:
    standing = await _locked(tx, lease.resource)
    if (freed := released(standing, lease)) != standing:
        await _write(tx, lease.resource, freed)


async def current_holder(tx: AsyncConnection, resource: str) -> Holder | None:
    row = (await tx.execute(select(leases).filter_by(resource=resource))).mappings().first()
    return held(standing_of(row), await _now(tx)) if row else None


async def _gives_way(holder: Owner, owner: Owner) -> bool:
    return holder == owner or await asyncio.to_thread(is_dead, holder, owner)


async def _locked(tx: AsyncConnection, resource: str) -> Standing:
    query = select(leases).filter_by(resource=resource).with_for_update()
    row = (await tx.execute(query)).mappings().first()
    return standing_of(row) if row else Standing()


async def _write(tx: AsyncConnection, resource: str, standing: Standing) -> None:
    await change(tx, leases, {"resource": resource}, standing_values(standing))


async def _now(tx: AsyncConnection) -> datetime:
    """Ask the one clock that all who share the ledger have: the server's, or this host's."""
    if tx.dialect.name == "sqlite":
        return datetime.now(UTC)
    now = await tx.scalar(select(func.clock_timestamp()))
    if not isinstance(now, datetime):
        raise TypeError("clock_timestamp() is a time")
    return now.astimezone(UTC)
