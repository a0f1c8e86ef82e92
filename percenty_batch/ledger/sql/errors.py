"""Which errors of a database pass by themselves, and what the others mean to the user."""

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

NO_ANSWER = "응답이 없음"

_SQLITE_REASONS = {
    sqlite3.SQLITE_BUSY: "다른 프로세스가 사용 중임",
    sqlite3.SQLITE_CANTOPEN: "열 수 없음",
    sqlite3.SQLITE_CORRUPT: "파일이 손상됨",
    sqlite3.SQLITE_FULL: "디스크에 빈 공간이 없음",
    sqlite3.SQLITE_IOERR: "디스크에서 읽거나 쓸 수 없음",
    sqlite3.SQLITE_LOCKED: "다른 프로세스가 사용 중임",
    sqlite3.SQLITE_NOTADB: "SQLite 데이터베이스가 아님",
    sqlite3.SQLITE_PERM: "권한이 없음",
    sqlite3.SQLITE_READONLY: "쓸 권한이 없음",
}
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

# https://www.postgresql.org/docs/current/errcodes-appendix.html, by class
_POSTGRES_REASONS = {
    "08": "연결이 끊어짐",
    "25": "쓸 수 없는 데이터베이스",
    "28": "사용자 이름이나 비밀번호가 맞지 않음",
    "3D": "그런 이름의 데이터베이스가 없음",
    "42": "권한이 없거나 원장의 표가 없음",
    "53": "서버의 디스크, 메모리 또는 연결 수가 부족함",
    "55": "다른 프로세스가 사용 중임",
    "57": "서버가 꺼지거나 켜지는 중임",
}
# An idle transaction was ended (25P03) or was in another's way (40), too many connections (53300),
# shutting down, starting up (57P).
_POSTGRES_PASSING = ("08", "25P03", "40", "53300", "57P")


def is_busy(error: SQLAlchemyError) -> bool:
    """Tell whether another process held the SQLite file."""
    return _sqlite_code(error) in _SQLITE_BUSY


def is_passing(error: SQLAlchemyError) -> bool:
    """Tell whether the same call may succeed later, for example once the server is up again."""
    if isinstance(error, PoolTimeoutError) or is_busy(error):
        return True
    if (state := _postgres_state(error)) is not None:
        return state.startswith(_POSTGRES_PASSING)
    return _is_lost(error)


def reason(error: SQLAlchemyError) -> str:
    """Say why the database refused: in Korean where we know it, else in the driver's words."""
    if isinstance(error, PoolTimeoutError):
        return NO_ANSWER
    if (code := _sqlite_code(error)) in _SQLITE_REASONS:
        return _SQLITE_REASONS[code]
    if (state := _postgres_state(error)) and state[:2] in _POSTGRES_REASONS:
        return _POSTGRES_REASONS[state[:2]]
    cause = error.orig if isinstance(error, DBAPIError) else error
    words = (str(cause).splitlines() or [type(cause).__name__])[0]
    return f"연결할 수 없음: {words}" if _is_lost(error) else words


def _sqlite_code(error: SQLAlchemyError) -> int:
    """Return SQLite's primary result code; 0 when it gave none."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF


def _postgres_state(error: SQLAlchemyError) -> str | None:
    cause = error.orig if isinstance(error, DBAPIError) else None
    state = getattr(cause, "sqlstate", None)
    return state if isinstance(state, str) else None


def _is_lost(error: SQLAlchemyError) -> bool:
    """Tell whether there was no connection, or none any more (psycopg gives that no state)."""
    if not isinstance(error, DBAPIError) or _sqlite_code(error):
        return False
    never_connected = isinstance(error, OperationalError) and error.statement is None
    return error.connection_invalidated or never_connected
