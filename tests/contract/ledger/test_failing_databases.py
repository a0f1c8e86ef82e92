import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.errors import LedgerError
from percenty_batch.ledger import Edit, Ledger, open_ledger
from percenty_batch.ledger.sql import Database, SqlLedger, database
from percenty_batch.ledger.sql.leases import check_fence
from percenty_batch.settings import LedgerSettings
from tests.contract.ledger.examples import (
    BEGIN,
    RUN,
    A,
    begun_job,
    item,
    read,
    run_plan,
    start,
    taken,
)
from tests.contract.ledger.postgres import PostgresServer


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.address(postgres.new_database())


@pytest.fixture
async def served(url: str, tmp_path: Path) -> AsyncIterator[Ledger]:
    async with open_ledger(LedgerSettings(url=url), tmp_path) as ledger:
        yield ledger


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another process's connection to the SQLite file."""
    connection = sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)
    yield connection
    connection.close()


async def test_a_server_that_is_restarted_between_two_calls_is_found_again(
    served: Ledger, postgres: PostgresServer
) -> None:
    job = await begun_job(served)
    await served.claim_item(job, "k", BEGIN)
    await asyncio.to_thread(postgres.stop)
    await asyncio.to_thread(postgres.start)
    await served.record_item(job, item("k"), BEGIN)
    assert [each.result for each in (await read(served, job)).items] == [item("k")]


async def test_a_call_waits_until_a_stopped_server_is_up_again(
    served: Ledger, postgres: PostgresServer
) -> None:
    job = await begun_job(served)
    await asyncio.to_thread(postgres.stop)
    calls = [
        asyncio.create_task(
            served.intend(job, f"k{number}", Edit(action="memo", intended=number)), name="intend"
        )
        for number in range(10)
    ]
    await asyncio.to_thread(postgres.start)
    await asyncio.gather(*calls)
    assert [len(await served.edits(job, f"k{number}")) for number in range(10)] == [1] * 10


async def test_a_server_that_stays_away_ends_in_one_line(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = postgres.address(postgres.new_database()).replace("postgres@", "postgres:hidden-word@")
    async with open_ledger(LedgerSettings(url=url), tmp_path):
        pass
    database = Database.postgres(url, patience_s=0.5)
    await asyncio.to_thread(postgres.stop)
    try:
        with pytest.raises(LedgerError, match=r"ledger_.*연결") as caught:
            await SqlLedger(database).run(RUN)
    finally:
        await database.close()
        await asyncio.to_thread(postgres.start)
    assert "hidden-word" not in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_in_a_hurry_a_silent_server_is_waited_for_no_longer_than_a_second() -> None:
    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_asked.set()
        await is_over.wait()
        writer.close()

    is_asked, is_over = asyncio.Event(), asyncio.Event()
    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        served = Database.postgres(f"postgresql://nobody@127.0.0.1:{port}/x", patience_s=1e6)
        ledger = SqlLedger(served)
        async with asyncio.timeout(20):
            under_way = asyncio.create_task(ledger.run(RUN), name="under way")
            await is_asked.wait()
            ledger.hurry()
            for call in (under_way, ledger.run(RUN)):
                with pytest.raises(LedgerError, match="응답이 없음"):
                    await call
        is_over.set()
        await served.close()


async def test_what_a_frozen_process_has_locked_is_free_again(
    served: Ledger, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = await taken(served, A)
    monkeypatch.setattr(database, "_POSTGRES_IDLE_S", 1.0)
    frozen = Database.postgres(url)
    is_locked = asyncio.Event()

    async def lock_and_stand_still(tx: AsyncConnection) -> None:
        await check_fence(tx, lease)
        is_locked.set()
        await asyncio.Event().wait()

    stands_still = asyncio.create_task(frozen.write(lock_and_stand_still), name="frozen")
    async with asyncio.timeout(60):
        await is_locked.wait()
        assert await served.renew(lease)
        stands_still.cancel()  # its connection is gone: the cancellation is to be seen all the same
        await asyncio.wait([stands_still])
    assert stands_still.cancelled()
    await frozen.close()


async def test_a_call_waits_until_another_process_has_left_the_file(
    tmp_path: Path, lock: sqlite3.Connection
) -> None:
    async with open_ledger(LedgerSettings(), tmp_path) as ledger:
        lock.execute("BEGIN IMMEDIATE")
        call = asyncio.create_task(ledger.begin_run(run_plan(), start()), name="begin_run")
        assert await ledger.holder(A) is None or not call.done()
        lock.execute("ROLLBACK")
        await call
        assert await ledger.run(RUN) is not None


async def test_a_file_that_stays_busy_ends_in_one_line(
    tmp_path: Path, lock: sqlite3.Connection
) -> None:
    async with open_ledger(LedgerSettings(), tmp_path):
        pass
    lock.execute("BEGIN IMMEDIATE")
    database = Database.sqlite(tmp_path / "ledger.sqlite3", patience_s=0.2)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite3"):
        await SqlLedger(database).begin_run(run_plan(), start())
    lock.execute("ROLLBACK")
    await database.close()


async def test_a_cancelled_call_leaves_the_ledger_usable(tmp_path: Path) -> None:
    async with open_ledger(LedgerSettings(), tmp_path) as ledger:
        job = await begun_job(ledger)
        for turns in range(12):
            call = asyncio.create_task(ledger.claim_item(job, f"k{turns}", BEGIN), name="claim")
            for _ in range(turns):
                await asyncio.sleep(0)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
        await ledger.claim_item(job, "last", BEGIN)
        assert (await read(ledger, job)).items[-1].key == "last"


async def test_a_closed_ledger_refuses(tmp_path: Path) -> None:
    async with open_ledger(LedgerSettings(), tmp_path) as ledger:
        pass
    with pytest.raises(LedgerError, match="닫"):
        await ledger.run(RUN)


async def test_text_that_no_database_can_hold_is_replaced_not_refused(served: Ledger) -> None:
    job = await begun_job(served)
    await served.claim_item(job, "\0k\ud83d", BEGIN)
    assert [each.key for each in (await read(served, job)).items] == ["\ufffdk?"]
