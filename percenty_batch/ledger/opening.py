"""A ledger opened for use: found or made, its schema brought up to date, closed on every path."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from percenty_batch.errors import LedgerError, os_reason
from percenty_batch.ledger.memory import MemoryLedger
from percenty_batch.ledger.port import Ledger
from percenty_batch.ledger.sql import Database, SqlLedger, bring_up_to_date, is_up_to_date
from percenty_batch.settings import LedgerSettings

FILE_NAME = "ledger.sqlite3"


@asynccontextmanager
async def open_ledger(settings: LedgerSettings, logs_folder: Path) -> AsyncIterator[Ledger]:
    """Open the ledger of the settings: `ledger.url`, else the file in `logs_folder`.

    Raises LedgerError when it cannot be used, at once where waiting would not help.
    """
    database = await _database(settings, logs_folder)
    try:
        await database.prepare(partial(bring_up_to_date, database.name))
        yield SqlLedger(database)
    finally:
        await database.close()


@asynccontextmanager
async def read_ledger(settings: LedgerSettings, logs_folder: Path) -> AsyncIterator[Ledger]:
    """Open the ledger to read from it only: nothing in it is changed, every write is refused.

    Where there is none yet, it is an empty one that is forgotten again. Raises LedgerError when
    it cannot be used, also when it is of an older version.
    """
    if not await asyncio.to_thread(has_ledger, settings, logs_folder):
        yield MemoryLedger()
        return
    if settings.url is not None:
        database = Database.postgres(settings.url, is_read_only=True)
    else:
        database = Database.sqlite(logs_folder / FILE_NAME, is_read_only=True)
    try:
        has_tables = await database.prepare(partial(is_up_to_date, database.name))
        yield SqlLedger(database) if has_tables else MemoryLedger()
    finally:
        await database.close()


def has_ledger(settings: LedgerSettings, logs_folder: Path) -> bool:
    """Tell whether there is a ledger to read: opening one makes it."""
    return settings.url is not None or (logs_folder / FILE_NAME).is_file()


async def _database(settings: LedgerSettings, logs_folder: Path) -> Database:
    if settings.url is not None:
        return Database.postgres(settings.url)
    path = logs_folder / FILE_NAME
    try:
        await asyncio.to_thread(_make_file, path)
    except OSError as error:
        raise LedgerError(f"원장을 사용할 수 없습니다: {path} ({os_reason(error)})") from error
    return Database.sqlite(path)


def _make_file(path: Path) -> None:
    """Make the file, for nobody else to read, unless it is there: SQLite is to make none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
