import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from sqlalchemy import NullPool, create_engine

from percenty_batch.ledger import Ledger, MemoryLedger, open_ledger
from percenty_batch.ledger.sql import bring_up_to_date
from percenty_batch.settings import LedgerSettings
from tests.contract.ledger.postgres import PostgresServer, missing_binaries

OpenLedger = Callable[[], AbstractAsyncContextManager[Ledger]]
SQL = ["sqlite", "postgres"]


@pytest.fixture(autouse=True)
def no_blocking_calls() -> Iterator[BlockBuster]:
    with blockbuster_ctx("percenty_batch") as blockbuster:
        # The twin looks for a dead owner at once: it has no threads.
        for blocking in ("io.TextIOWrapper.read", "io.BufferedReader.read", "os.stat"):
            blockbuster.functions[blocking].can_block_in(
                "percenty_batch/ledger/memory.py", "acquire"
            )
        yield blockbuster


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    if missing := missing_binaries():
        pytest.skip(f"PostgreSQL is not installed here: no {', '.join(missing)}")
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def template(postgres: PostgresServer) -> str:
    """The name of a database with an empty ledger, which is faster to copy than to make."""
    name = postgres.new_database()
    address = postgres.address(name).replace("postgresql", "postgresql+psycopg", 1)
    bring_up_to_date(name, create_engine(address, poolclass=NullPool))
    return name


def new_place(kind: str, request: pytest.FixtureRequest) -> tuple[LedgerSettings, Path]:
    """Return what `open_ledger` needs for a new database of that kind."""
    tmp_path: Path = request.getfixturevalue("tmp_path")
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    if kind == "sqlite":
        return LedgerSettings(), folder
    server: PostgresServer = request.getfixturevalue("postgres")
    return LedgerSettings(url=server.address(server.new_database())), folder


def new_ledger(kind: str, request: pytest.FixtureRequest) -> OpenLedger:
    """Return what opens one and the same ledger as often as it is called."""
    if kind == "memory":
        ledger = MemoryLedger()
        return lambda: nullcontext(ledger)
    if kind == "sqlite":
        place = new_place(kind, request)
        return lambda: open_ledger(*place)
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.address(server.new_database(request.getfixturevalue("template")))
    return lambda: open_ledger(LedgerSettings(url=url), Path())


@pytest.fixture(params=["memory", *SQL])
def open_new(request: pytest.FixtureRequest) -> OpenLedger:
    """Open another ledger with each call."""
    if request.param == "postgres":
        request.getfixturevalue("template")  # made now: it blocks
    return lambda: new_ledger(request.param, request)()


@pytest.fixture(params=["memory", *SQL])
def open_same(request: pytest.FixtureRequest) -> OpenLedger:
    """Open the test's ledger; again for another look at the same one."""
    return new_ledger(request.param, request)


@pytest.fixture
async def ledger(open_same: OpenLedger) -> AsyncIterator[Ledger]:
    async with open_same() as ledger:
        yield ledger


@pytest.fixture(params=SQL)
def place(request: pytest.FixtureRequest) -> tuple[LedgerSettings, Path]:
    return new_place(request.param, request)
