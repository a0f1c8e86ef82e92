import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from percenty_batch.ledger.sql.errors import is_busy, is_passing, reason


def sqlite(code: int) -> SQLAlchemyError:
    error = sqlite3.OperationalError("english words")
    error.sqlite_errorcode = code
    return OperationalError("INSERT", {}, error)


def postgres(state: str | None, *, statement: str | None = "INSERT") -> SQLAlchemyError:
    error = psycopg.OperationalError("english words\nand more")
    error.sqlstate = state
    return OperationalError(statement, {}, error)


@pytest.mark.parametrize(
    ("error", "passes", "why"),
    [
        (sqlite(sqlite3.SQLITE_BUSY), True, "다른 프로세스가 사용 중임"),
        (sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), True, "다른 프로세스가 사용 중임"),
        (sqlite(sqlite3.SQLITE_FULL), False, "디스크에 빈 공간이 없음"),
        (sqlite(sqlite3.SQLITE_IOERR_WRITE), False, "디스크에서 읽거나 쓸 수 없음"),
        (sqlite(sqlite3.SQLITE_READONLY_DBMOVED), False, "쓸 권한이 없음"),
        (sqlite(sqlite3.SQLITE_NOTADB), False, "SQLite 데이터베이스가 아님"),
        (sqlite(sqlite3.SQLITE_ERROR), False, "english words"),
        (postgres("57P01"), True, "서버가 꺼지거나 켜지는 중임"),
        (postgres("57P03"), True, "서버가 꺼지거나 켜지는 중임"),
        (postgres("53300"), True, "서버의 디스크, 메모리 또는 연결 수가 부족함"),
        (postgres("53100"), False, "서버의 디스크, 메모리 또는 연결 수가 부족함"),
        (postgres("40P01"), True, "english words"),
        (postgres("28P01"), False, "사용자 이름이나 비밀번호가 맞지 않음"),
        (postgres(None, statement=None), True, "연결할 수 없음: english words"),
        (postgres(None), False, "english words"),
        (PoolTimeoutError(), True, "응답이 없음"),
        (SQLAlchemyError("english words"), False, "english words"),
    ],
)
def test_errors_that_pass_are_told_apart_and_all_are_told(
    error: SQLAlchemyError, passes: bool, why: str
) -> None:
    assert is_passing(error) is passes
    assert reason(error) == why


def test_a_connection_that_was_lost_passes() -> None:
    error = DBAPIError("INSERT", {}, psycopg.OperationalError("gone"), connection_invalidated=True)
    assert is_passing(error)
    assert not is_busy(error)
