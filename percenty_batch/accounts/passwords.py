"""Where an account's password stands, and fetching it from there."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from percenty_batch.errors import os_reason

_LONGEST_FILE = 4096  # bytes; a password file, not a device or a disk image


class PasswordKind(StrEnum):
    """The column that gave the password."""

    VALUE = "password"
    ENV = "password_env"
    FILE = "password_file"


class PasswordError(Exception):
    """The password cannot be had. The message is Korean and never holds the password."""


def fetch_password(
    kind: PasswordKind, text: str, *, folder: Path, environ: Mapping[str, str]
) -> str:
    """Return the password that a cell holds or refers to. Raises PasswordError.

    A file's path is relative to `folder`; one newline at its end is not part of the password.
    """
    match kind:
        case PasswordKind.VALUE:
            password = text
        case PasswordKind.ENV:
            password = _from_environ(text, environ)
        case PasswordKind.FILE:
            password = _from_file(text, folder)
    if any(unicodedata.category(character) == "Cc" for character in password):
        raise PasswordError("비밀번호에 줄바꿈이나 제어 문자가 있습니다")
    return password


def _from_environ(name: str, environ: Mapping[str, str]) -> str:
    if not environ.get(name):
        state = "비어 있습니다" if name in environ else "없습니다"
        raise PasswordError(f"환경 변수 {name!r}: {state}")
    return environ[name]


def _from_file(text: str, folder: Path) -> str:
    try:
        with (folder / text).open("rb") as file:
            data = file.read(_LONGEST_FILE + 1)
        content = data.decode("utf-8-sig")
    except OSError as error:
        raise PasswordError(f"파일 {text!r}: 읽을 수 없습니다 ({os_reason(error)})") from error
    except ValueError as error:  # not UTF-8, or NUL in the path
        raise PasswordError(f"파일 {text!r}: UTF-8 텍스트가 아닙니다") from error
    if len(data) > _LONGEST_FILE:
        raise PasswordError(f"파일 {text!r}: 너무 큽니다 (최대 {_LONGEST_FILE}바이트)")
    password = content.removesuffix("\n").removesuffix("\r")
    if not password.strip():
        raise PasswordError(f"파일 {text!r}: 비어 있습니다")
    return password
