"""Transactions over one database: begun, tried again while the reason may pass, told in Korean."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from percenty_batch.errors import LedgerError
from percenty_batch.ledger.sql.errors import NO_ANSWER, is_busy, is_passing, reason

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[Concatenate[AsyncConnection, P], Awaitable[T]]

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 2.0
_HURRIED_S = 1.0
_CONNECT_ARGS: dict[str, dict[str, object]] = {
    "sqlite": {"isolation_level": None, "timeout": 1.0},  # for a busy file; then a pause
    "postgresql+psycopg": {"connect_timeout": 10},
}
_POSTGRES_IDLE_S = 5.0  # then the server frees what a process that was frozen has locked
_POSTGRES_CONNECTIONS = 4  # per process; a server's default limit is 100 for everybody
_SET_UP = {
    "sqlite": ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"),
    "postgresql": (
        "SET synchronous_commit = on",
        f"SET idle_in_transaction_session_timeout = '{_POSTGRES_IDLE_S:.0f}s'",
    ),
}
_READ_ONLY = {
    "sqlite": ("PRAGMA query_only=ON",),
    "postgresql": ("SET default_transaction_read_only = on",),
}


class Database:
    """One database, named to the user by `name`. Each `read` or `write` is one transaction.

    `patience_s` is how long a call may take, with everything that is tried again. One that
    `is_read_only` refuses every write, also where its file or server would take it.
    """

    def __init__(
        self, name: str, engine: AsyncEngine, patience_s: float, *, is_read_only: bool
    ) -> None:
        self.name = name
        self._is_read_only = is_read_only
        self._reading = engine.execution_options(**_reading_options(engine))
        self._writing = self._reading if is_read_only else engine
        self._patience_s = patience_s
        self._closing = asyncio.Event()
        self._limits: set[asyncio.Timeout] = set()  # of the calls under way

    @classmethod
    def sqlite(
        cls, path: Path, *, patience_s: float = 30.0, is_read_only: bool = False
    ) -> "Database":
        """Use the file, which must exist."""
        url = URL.create(
            "sqlite+aiosqlite",
            database=path.absolute().as_uri(),
            query={"uri": "true", "mode": "rw"},
        )
        logging.getLogger("aiosqlite").setLevel(logging.INFO)  # it tells every statement twice
        # One connection: within a process, calls wait in a fair queue instead of for a lock.
        engine = create_async_engine(
            url,
            pool_size=1,
            max_overflow=0,
            pool_timeout=patience_s,
            hide_parameters=True,
            connect_args=_CONNECT_ARGS["sqlite"],
        )
        _listen(engine.sync_engine, is_read_only=is_read_only)
        return cls(str(path), engine, patience_s, is_read_only=is_read_only)

    @classmethod
    def postgres(
        cls, address: str, *, patience_s: float = 30.0, is_read_only: bool = False
    ) -> "Database":
        """Use `postgresql://…`. Raises LedgerError for another address or without the driver."""
        url = _postgres_url(address)
        try:
            engine = create_async_engine(
                url,
                pool_size=_POSTGRES_CONNECTIONS,
                max_overflow=0,
                pool_timeout=patience_s,
                hide_parameters=True,
                connect_args=_CONNECT_ARGS["postgresql+psycopg"],
            )
        except ImportError as error:
            raise LedgerError(
                "PostgreSQL 원장을 쓰려면 추가 구성 요소가 필요합니다: percenty-batch[postgres]"
            ) from error
        _listen(engine.sync_engine, is_read_only=is_read_only)
        name = f"{url.host or url.query.get('host', '')}/{url.database}"
        return cls(name, engine, patience_s, is_read_only=is_read_only)

    async def prepare(self, work: Callable[[Engine], T]) -> T:
        """Do `work`, which blocks, in a thread and over connections of its own.

        Only a file that another process is just opening too is waited for: what else is wrong at
        the start would be wrong half a minute later.
        """
        return await self._persist(lambda: asyncio.to_thread(self._blocking, work), is_busy)

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `work` in a transaction that may change things."""
        return await self._transaction(self._writing, lambda tx: work(tx, *args, **kwargs))

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `work` in a transaction that sees one moment of the database."""
        return await self._transaction(self._reading, lambda tx: work(tx, *args, **kwargs))

    def hurry(self) -> None:
        """From now on a call takes a second at most, those under way included."""
        self._patience_s = min(self._patience_s, _HURRIED_S)
        if self._limits:
            until = asyncio.get_running_loop().time() + self._patience_s
            for limit in self._limits:
                if not limit.expired():
                    limit.reschedule(min(limit.when() or until, until))

    async def close(self) -> None:
        """Close all connections; calls that still try again end."""
        self._closing.set()
        await self._writing.dispose()

    def _blocking(self, work: Callable[[Engine], T]) -> T:
        url = self._writing.url
        url = url.set(drivername=url.drivername.removesuffix("+aiosqlite"))
        engine = create_engine(url, poolclass=NullPool, connect_args=_CONNECT_ARGS[url.drivername])
        _listen(engine, is_read_only=self._is_read_only)
        return work(engine)

    async def _transaction(
        self, engine: AsyncEngine, work: Callable[[AsyncConnection], Awaitable[T]]
    ) -> T:
        async def once() -> T:
            async with engine.begin() as tx:
                return await work(tx)

        return await self._persist(once, is_passing)

    async def _persist(
        self, call: Callable[[], Awaitable[T]], is_worth_waiting: Callable[[SQLAlchemyError], bool]
    ) -> T:
        why = NO_ANSWER
        cancellations = _cancellations()
        try:
            async with self._limited():
                for pause_s in _growing_pauses():
                    if self._closing.is_set():
                        raise self._refusal("이미 닫혔음")
                    try:
                        return await call()
                    except SQLAlchemyError as error:
                        if _cancellations() > cancellations:
                            # The rollback of a cancelled call failed, and hid that it was.
                            raise asyncio.CancelledError from error
                        why = reason(error)
                        if not is_worth_waiting(error):
                            raise self._refusal(why) from error
                    await self._pause(pause_s)
        except TimeoutError as error:
            raise self._refusal(why) from error
        raise AssertionError("the pauses never end")

    @asynccontextmanager
    async def _limited(self) -> AsyncIterator[None]:
        async with asyncio.timeout(self._patience_s) as limit:
            self._limits.add(limit)
            try:
                yield
            finally:
                self._limits.discard(limit)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    def _refusal(self, why: str) -> LedgerError:
        return LedgerError(f"원장을 사용할 수 없습니다: {self.name} ({why})")


def _cancellations() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task else 0


def _growing_pauses() -> Iterator[float]:
    pause_s = _FIRST_PAUSE_S
    while True:
        yield pause_s
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def _reading_options(engine: AsyncEngine) -> dict[str, object]:
    if engine.dialect.name == "sqlite":
        return {"is_reading": True}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _listen(engine: Engine, *, is_read_only: bool) -> None:
    dialect = engine.dialect.name
    statements = (_READ_ONLY if is_read_only else _SET_UP)[dialect]
    event.listen(engine, "connect", partial(_set_up, statements))
    if dialect == "sqlite":
        event.listen(engine, "begin", partial(_begin_sqlite, is_read_only=is_read_only))


def _set_up(statements: Sequence[str], connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()
    connection.commit()


def _begin_sqlite(connection: Connection, *, is_read_only: bool) -> None:
    """Begin a writing transaction as such: one that becomes it later can be refused at any point.

    The driver begins none of its own (isolation_level None).
    """
    is_reading = is_read_only or connection.get_execution_options().get("is_reading", False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _postgres_url(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = URL.create("unreadable")
    if url.drivername not in {"postgresql", "postgres", "postgresql+psycopg"}:
        # The address itself may hold a password: neither the line nor its cause shows it.
        raise LedgerError(
            "원장 주소는 postgresql://사용자@호스트/이름 형식이어야 합니다 (ledger.url)"
        )
    return url.set(drivername="postgresql+psycopg")
