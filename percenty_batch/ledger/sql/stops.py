"""Statements about wishes to stop."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.ledger.records import StopRequest
from percenty_batch.ledger.sql.schema import stop_requests
from percenty_batch.ledger.sql.writing import Keys, add


async def ask_to_stop(tx: AsyncConnection, run_id: str, request: StopRequest) -> None:
    row = {**_key(run_id, request.number), "who": request.who, "at": request.at}
    await add(tx, stop_requests, [row])


async def stop_request(tx: AsyncConnection, run_id: str, number: int) -> StopRequest | None:
    query = select(stop_requests).filter_by(**_key(run_id, number))
    row = (await tx.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    return StopRequest(number=row["start_number"], who=row["who"], at=row["at"])


def _key(run_id: str, number: int) -> Keys:
    return {"run_id": run_id, "start_number": number}
