"""The ways in which rows are written, the same in both databases."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from sqlalchemy import Table, bindparam
from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.ledger.rules import unknown
from percenty_batch.ledger.sql.rows import Values

Keys = dict[str, Any]


async def add(tx: AsyncConnection, table: Table, rows: Sequence[Values]) -> None:
    """Insert those rows that are not there yet."""
    if rows:
        await tx.execute(_insert(tx, table).on_conflict_do_nothing(), rows)


async def put(
    tx: AsyncConnection, table: Table, key: Keys, values: Values, **where: object
) -> None:
    """Insert the row, or write `values` into the one of that key.

    `where` is the condition of a partial unique index (`index_where`).
    """
    insert = _insert(tx, table).values({**key, **values})
    update = insert.on_conflict_do_update(index_elements=list(key), set_=values, **where)
    await tx.execute(update)


async def change(tx: AsyncConnection, table: Table, key: Keys, values: Values) -> None:
    """Write `values` into the row of that key. Raises LedgerError when there is none."""
    result = await tx.execute(table.update().filter_by(**key).values(values))
    if result.rowcount == 0:
        raise unknown(f"{table.name} {'/'.join(map(str, key.values()))}")


async def change_each(
    tx: AsyncConnection, table: Table, key: Keys, column: str, rows: Mapping[str, Values]
) -> None:
    """Write values into many rows of that key, by what stands in `column`, in one statement.

    All have the same columns. Raises LedgerError when there is one row too few.
    """
    if not rows:
        return
    update = table.update().filter_by(**key).where(table.c[column] == bindparam("row"))
    result = await tx.execute(update, [{"row": row, **values} for row, values in rows.items()])
    if result.rowcount < len(rows):
        raise unknown(f"{table.name} {'/'.join(map(str, key.values()))}")


def _insert(tx: AsyncConnection, table: Table) -> Any:  # noqa: ANN401 - two classes, one API
    # The drivers of the other one are never loaded: that takes a good part of the start.
    return import_module(f"sqlalchemy.dialects.{tx.dialect.name}").insert(table)
