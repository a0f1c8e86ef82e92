"""Statements about the messages that a run has sent."""

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.ledger.records import Notice, NoticeState
from percenty_batch.ledger.sql.schema import notices
from percenty_batch.ledger.sql.writing import Keys, add, change


async def claim_notice(tx: AsyncConnection, run_id: str, notice: Notice) -> bool:
    key = _key(run_id, notice)
    known = (await tx.execute(select(notices).filter_by(**key))).mappings().first()
    if known is None:
        await add(tx, notices, [{**key, **_values(notice)}])
        # Of two that add it at once, one finds the other's moment in it.
        found = (await tx.execute(select(notices).filter_by(**key))).mappings().one()
        return notice_of(found) == notice
    refused = notices.update().filter_by(**key, state=NoticeState.REFUSED)
    return (await tx.execute(refused.values(_values(notice)))).rowcount > 0


async def end_notice(tx: AsyncConnection, run_id: str, notice: Notice) -> None:
    await change(tx, notices, _key(run_id, notice), _values(notice))


def notice_of(row: RowMapping) -> Notice:
    return Notice(
        kind=row["kind"],
        about=row["about"],
        channel=row["channel"],
        name=row["name"],
        state=NoticeState(row["state"]),
        at=row["at"],
        why=row["why"],
    )


def _key(run_id: str, notice: Notice) -> Keys:
    return {
        "run_id": run_id,
        "kind": notice.kind,
        "about": notice.about,
        "channel": notice.channel,
    }


def _values(notice: Notice) -> Keys:
    return {"name": notice.name, "state": notice.state, "at": notice.at, "why": notice.why}
