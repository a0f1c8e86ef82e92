"""The schema's version: looked at on every opening, brought up to date when it is not ours."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from percenty_batch.errors import LedgerError
from percenty_batch.ledger.sql import schema

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_LONGEST_WAIT_S = 20
_LOCK = 0x70657263656E7479  # any number that is ours: PostgreSQL's advisory locks have no names


def bring_up_to_date(name: str, engine: Engine) -> None:
    """Make or migrate the tables where needed; others who open the ledger now wait for it. Blocks.

    Raises LedgerError, naming the ledger by `name`, when they are of a newer program or not ours.
    """
    with engine.begin() as connection:
        _lock(connection)
        if _checked_version(name, connection) != schema.VERSION:
            _migrate(connection)


def is_up_to_date(name: str, engine: Engine) -> bool:
    """Tell whether there are tables to read; there are none yet where nothing was written. Blocks.

    Raises LedgerError, naming the ledger by `name`, when they are of another program's version or
    not ours.
    """
    with engine.begin() as connection:
        found = _checked_version(name, connection)
    if found not in (None, schema.VERSION):
        raise LedgerError(
            f"이전 버전({found})의 원장이라 먼저 새 버전({schema.VERSION})으로 바꿔야 합니다"
            f" (percenty-batch report를 한 번 실행하면 바뀝니다): {name}"
        )
    return found is not None


def _checked_version(name: str, connection: Connection) -> str | None:
    """Give the version, older than ours or ours; None: there are no tables."""
    found = _version(connection)
    if found is None and inspect(connection).get_table_names():
        raise LedgerError(f"퍼센티 배치의 원장이 아니므로 사용하지 않습니다: {name}")
    if found not in (None, schema.VERSION) and not _is_older(found):
        raise LedgerError(
            f"더 새로운 버전이 만든 원장입니다. 프로그램을 업데이트하십시오: {name} ({found})"
        )
    return found


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE has locked the file
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LONGEST_WAIT_S}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(schema.VERSION_TABLE):
        return None
    found = connection.scalar(text(f"SELECT version_num FROM {schema.VERSION_TABLE}"))  # noqa: S608
    return None if found is None else str(found)


def _is_older(version: str) -> bool:
    """Tell whether we know how to get from there to here."""
    return any(
        path.name.startswith(f"{version}_") for path in (MIGRATIONS / "versions").glob("*.py")
    )


def _migrate(connection: Connection) -> None:
    with _quiet(logging.getLogger("alembic")):
        # Here, since a start with a ledger up to date does not pay for it; it talks when imported.
        from alembic import command, config

        settings = config.Config(attributes={"connection": connection})
        settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        settings.set_main_option("path_separator", "os")
        command.upgrade(settings, schema.VERSION)


@contextmanager
def _quiet(log: logging.Logger) -> Iterator[None]:
    """Keep a library's progress out of the run's log."""
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(level)
