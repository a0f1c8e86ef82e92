import asyncio
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from percenty_batch.errors import LedgerError
from percenty_batch.ledger import open_ledger, read_ledger
from percenty_batch.ledger.sql import schema, versions
from percenty_batch.settings import LedgerSettings
from tests.contract.ledger.examples import JOB, RUN, A, begun_job, run_plan, start

Place = tuple[LedgerSettings, Path]
NEWER = '''"""A later version, for the test."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{ours}"


def upgrade() -> None:
    op.add_column("runs", sa.Column("note", sa.Text, server_default="migrated"))
'''


FIRST_VERSIONS_ROWS = (
    "INSERT INTO batches (run_id, job_id, step, quantity, started_at)"
    " VALUES ('20260105_010203', 'ab12', '1', 7, '2026-01-05 01:02:03')",
    "INSERT INTO jobs (run_id, job_id, account, requested)"
    " VALUES ('20260105_010203', 'ab12', 'a@example.com', 7)",
    "INSERT INTO items (run_id, job_id, account, key, claimed_at, outcome, duration_s)"
    " VALUES ('20260105_010203', 'ab12', 'a@example.com', 'k', '2026-01-05 01:02:03', 'done', 1.5)",
)


@pytest.fixture
def newer_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """From here on, we are the program of a later version."""
    folder = tmp_path / "migrations"
    shutil.copytree(versions.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    newer = NEWER.format(ours=schema.VERSION)
    (folder / "versions/9999_later.py").write_text(newer, encoding="utf-8")
    monkeypatch.setattr(versions, "MIGRATIONS", folder)
    monkeypatch.setattr(schema, "VERSION", "9999")


def execute(place: Place, *statements: str) -> list[tuple[object, ...]]:
    """Do statements past the ledger; return the rows of the last one."""
    settings, folder = place
    if settings.url is not None:
        with psycopg.connect(settings.url, autocommit=True) as server:
            cursors = [server.execute(each.encode()) for each in statements]
            return cursors[-1].fetchall() if cursors[-1].description else []
    file = sqlite3.connect(folder / "ledger.sqlite3")
    try:
        rows: list[tuple[object, ...]] = [
            row for each in statements for row in file.execute(each).fetchall()
        ]
        file.commit()
    finally:
        file.close()
    return rows


def contents(place: Place) -> dict[str, bytes]:
    """Give every file of the ledger; nothing for a server's."""
    return {file.name: file.read_bytes() for file in place[1].iterdir() if file.is_file()}


async def refused(settings: LedgerSettings, folder: Path) -> str:
    with pytest.raises(LedgerError) as caught:
        async with open_ledger(settings, folder):
            pass
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_what_was_written_is_there_when_the_ledger_is_opened_again(place: Place) -> None:
    async with open_ledger(*place) as ledger:
        await begun_job(ledger)
        before = await ledger.run(RUN)
    async with open_ledger(*place) as ledger:
        assert await ledger.run(RUN) == before


async def test_many_may_open_a_new_ledger_at_once(place: Place) -> None:
    async def use(run_id: str) -> None:
        async with open_ledger(*place) as ledger:
            await ledger.begin_run(run_plan(run_id), start())

    await asyncio.gather(*(use(str(number)) for number in range(6)))
    async with open_ledger(*place) as ledger:
        assert len(await ledger.runs(9)) == 6


def test_the_migrations_lead_to_the_schema(place: Place) -> None:
    async def open_once() -> None:
        async with open_ledger(*place):
            pass

    asyncio.run(open_once())
    settings, folder = place
    url = (settings.url or f"sqlite:///{folder}/ledger.sqlite3").replace(":", "+psycopg:", 1)
    engine = create_engine(url.replace("sqlite+psycopg", "sqlite"))
    with engine.connect() as connection:
        options = {"version_table": schema.VERSION_TABLE, "compare_type": False}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()


def test_the_latest_migration_is_the_schemas_version() -> None:
    assert ScriptDirectory(str(versions.MIGRATIONS)).get_current_head() == schema.VERSION


async def test_an_older_ledger_is_migrated_and_keeps_its_rows(
    place: Place, request: pytest.FixtureRequest
) -> None:
    async with open_ledger(*place) as ledger:
        await ledger.begin_run(run_plan(), start())
    request.getfixturevalue("newer_program")
    async with open_ledger(*place) as ledger:
        assert await ledger.runs(9) == ((run_plan(), (start(),)),)
    assert execute(place, "SELECT note FROM runs") == [("migrated",)]
    assert execute(place, "SELECT version_num FROM ledger_version") == [("9999",)]


async def test_the_first_versions_batches_and_items_are_read_as_they_were_meant(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(schema, "VERSION", "0001")
        async with open_ledger(*place) as ledger:
            await ledger.begin_run(run_plan(), start())
    execute(place, *FIRST_VERSIONS_ROWS)

    async with open_ledger(*place) as ledger:
        batch = await ledger.batch(RUN, JOB)

    assert batch is not None
    assert (batch.plan.quantity, dict(batch.plan.requested)) == (7, {A: 7})
    (item,) = batch.jobs[0].items
    assert item.result is not None
    assert (item.result.amount, item.result.products) == (None, 1)


async def test_a_newer_ledger_is_refused_and_left_alone(place: Place) -> None:
    async with open_ledger(*place):
        pass
    execute(place, "UPDATE ledger_version SET version_num = '9999'")
    message = await refused(*place)
    assert "더 새로운 버전" in message
    assert ("ledger.sqlite3" in message) or ("ledger_" in message)
    assert execute(place, "SELECT version_num FROM ledger_version") == [("9999",)]


async def test_a_foreign_database_is_refused_and_left_alone(place: Place) -> None:
    execute(place, "CREATE TABLE visitors (name TEXT)")
    assert "원장이 아니므로" in await refused(*place)
    assert execute(place, "SELECT * FROM visitors") == []


async def test_a_new_file_is_for_its_owner_only(tmp_path: Path) -> None:
    async with open_ledger(LedgerSettings(), tmp_path / "new" / "logs") as ledger:
        await ledger.begin_run(run_plan(), start())
        files = list((tmp_path / "new" / "logs").iterdir())
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in files}
    assert modes.keys() >= {"ledger.sqlite3", "ledger.sqlite3-wal"}
    assert set(modes.values()) == {0o600}


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    file.write_text("무엇인가 " * 1000, encoding="utf-8")
    message = await refused(LedgerSettings(), tmp_path)
    assert str(file) in message
    assert "SQLite 데이터베이스가 아님" in message
    assert file.read_text(encoding="utf-8") == "무엇인가 " * 1000


async def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("", encoding="utf-8")
    assert "ledger.sqlite3" in await refused(LedgerSettings(), tmp_path / "logs")
    (tmp_path / "ledger.sqlite3").mkdir()
    assert "파일이 아니라 폴더임" in await refused(LedgerSettings(), tmp_path)


@pytest.mark.parametrize(
    "address",
    ["mysql://user:hidden-word@host/name", "no address: hidden-word", "postgresql://u:p@h:x/n"],
)
async def test_an_address_that_is_none_is_refused_without_showing_it(
    tmp_path: Path, address: str
) -> None:
    message = await refused(LedgerSettings(url=address), tmp_path)
    assert "ledger.url" in message
    assert "hidden-word" not in message


async def test_a_server_that_does_not_answer_is_named_without_the_password(tmp_path: Path) -> None:
    url = f"postgresql://user:hidden-word@/night?host={tmp_path}&password=hidden-word"
    message = await refused(LedgerSettings(url=url), tmp_path)
    assert f"{tmp_path}/night" in message
    assert "연결할 수 없음" in message
    assert "hidden-word" not in message


async def test_without_its_driver_postgresql_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    message = await refused(LedgerSettings(url="postgresql://host/name"), tmp_path)
    assert "percenty-batch[postgres]" in message


def test_making_a_ledger_adds_no_line_to_the_log_of_the_run(tmp_path: Path) -> None:
    """In a process of its own: alembic talks when it is imported."""
    program = """
import asyncio, logging, pathlib, sys
from percenty_batch.ledger import open_ledger
from percenty_batch.settings import LedgerSettings

async def main():
    async with open_ledger(LedgerSettings(), pathlib.Path(sys.argv[1])):
        pass

logging.basicConfig(level=logging.INFO)
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert done.stderr == ""


async def test_a_ledger_that_is_only_read_is_left_as_it_is_and_refuses_to_be_written(
    place: Place,
) -> None:
    async with open_ledger(*place) as ledger:
        await begun_job(ledger)
        before = await ledger.run(RUN)
    files = contents(place)

    async with read_ledger(*place) as ledger:
        assert await ledger.run(RUN) == before
        with pytest.raises(LedgerError, match="쓸 "):
            await ledger.begin_run(run_plan("another"), start())

    assert contents(place) == files


async def test_a_ledger_that_does_not_exist_yet_is_read_as_an_empty_one_and_not_made(
    place: Place,
) -> None:
    async with read_ledger(*place) as ledger:
        assert await ledger.runs(9) == ()
    settings, folder = place
    assert list(folder.iterdir()) == []
    if settings.url is not None:
        assert execute(place, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []


async def test_an_older_ledger_is_not_read_and_says_what_brings_it_up_to_date(
    place: Place, request: pytest.FixtureRequest
) -> None:
    async with open_ledger(*place):
        pass
    files = contents(place)
    request.getfixturevalue("newer_program")
    with pytest.raises(LedgerError) as caught:
        async with read_ledger(*place):
            pass
    assert "percenty-batch report" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert contents(place) == files
