"""The settings file (TOML)."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import get_args

from pydantic.fields import FieldInfo

from percenty_batch.errors import InputError, os_reason
from percenty_batch.settings.messages import Given, hint
from percenty_batch.settings.model import setting_fields

DEFAULT_FILE = Path("percenty_batch.toml")


def found_file(file: Path | None) -> Path | None:
    return file if file or not DEFAULT_FILE.is_file() else DEFAULT_FILE


def read_file(file: Path | None) -> dict[str, Given]:
    if file is None:
        return {}
    fields = dict(setting_fields())
    values = dict(_flatten(_read_toml(file), fields))
    _check_keys(file, values, fields)
    return {
        key: Given(place=f"{file}: {key}", value=_anchored(value, fields[key], file.parent))
        for key, value in values.items()
    }


def _read_toml(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{file}: 설정 파일을 읽을 수 없습니다 ({os_reason(error)})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: 설정 파일이 UTF-8이 아닙니다") from error
    except tomllib.TOMLDecodeError as error:
        row = re.search(r"line (\d+)", str(error))
        where = f"{row[1]}행" if row else "마지막 행"
        raise InputError(f"{file}:{where}: TOML 문법이 잘못되었습니다") from error


def _flatten(
    table: Mapping[str, object], fields: Mapping[str, FieldInfo], prefix: str = ""
) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and (value or _is_section(key, fields)):
            yield from _flatten(value, fields, f"{key}.")
        else:
            yield key, value


def _is_section(key: str, fields: Iterable[str]) -> bool:
    return any(field.startswith(f"{key}.") for field in fields)


def _check_keys(file: Path, keys: Iterable[str], fields: Mapping[str, FieldInfo]) -> None:
    lines = [
        f"{file}: {key}: 값이 아니라 섹션입니다 ([{key}] 아래에 쓰세요)"
        if _is_section(key, fields)
        else f"{file}: {key}: 알 수 없는 설정입니다{hint(key, fields)}"
        for key in keys
        if key not in fields
    ]
    if lines:
        raise InputError("\n".join(lines))


def _anchored(value: object, field: FieldInfo, folder: Path) -> object:
    is_path = Path in (field.annotation, *get_args(field.annotation))
    return folder / value if is_path and isinstance(value, str) else value
