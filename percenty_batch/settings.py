"""All settings: one nested model per room; each room receives only its part.

File (TOML) < environment (`PERCENTY_*`, nested with `__`) < flags. Unknown keys are errors.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import platformdirs
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    PositiveFloat,
    PositiveInt,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from percenty_batch.errors import InputError, os_reason

DEFAULT_FILE = Path("percenty_batch.toml")

Seconds = PositiveFloat


def _split_at_commas(value: object) -> object:
    """Let a list be written in one environment variable: `a.com,b.com`."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Names = Annotated[tuple[str, ...], BeforeValidator(_split_at_commas)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class BrowserSettings(_Part):
    """How Chromium is found and started."""

    executable: Path | None = Field(None, description="브라우저 실행 파일 (없으면 자동으로 찾음)")
    is_headless: bool = Field(True, description="창 없이 실행")
    sandbox: Literal["auto", "on", "off"] = Field(
        "auto", description="Chromium 자체 샌드박스: auto는 켜 보고 시작할 수 없을 때만 끔"
    )
    start_timeout_s: Seconds = Field(30.0, description="브라우저 시작 제한 시간(초)")
    close_timeout_s: Seconds = Field(10.0, description="브라우저와 컨텍스트를 닫는 제한 시간(초)")
    blocked_hosts: Names = Field(
        ("channel.io",), description="요청을 막을 호스트 (하위 호스트 포함, 쉼표로 구분)"
    )


class SiteSettings(_Part):
    """Where the site is and how long it may take."""

    base_url: HttpUrl = Field(HttpUrl("https://www.percenty.co.kr"), description="사이트 주소")
    action_timeout_s: Seconds = Field(20.0, description="동작 하나의 제한 시간(초)")
    sign_in_timeout_s: Seconds = Field(60.0, description="로그인 제한 시간(초)")


class JobSettings(_Part):
    """How many accounts at once, and when to give up."""

    concurrency: PositiveInt | None = Field(
        None, description="동시에 처리할 계정 수 (없으면 메모리, PID, CPU 한도로 정함)"
    )
    start_interval_s: Annotated[float, Field(ge=0)] = Field(
        0.0, description="계정 시작 사이의 간격(초)"
    )
    item_timeout_s: Seconds = Field(180.0, description="상품 하나의 제한 시간(초)")
    stale_list_timeout_s: Seconds = Field(
        15.0, description="이동한 상품이 목록에서 사라지기를 기다리는 시간(초)"
    )
    max_attempts: PositiveInt = Field(3, description="계정 하나를 다시 시도하는 최대 횟수")
    max_consecutive_failures: PositiveInt = Field(
        5, description="상품이 연속으로 이만큼 실패하면 그 계정을 멈춤"
    )
    stop_grace_s: Annotated[float, Field(ge=0)] = Field(
        20.0, description="중단 신호 뒤 진행 중인 상품을 마칠 수 있는 시간(초)"
    )


class LogSettings(_Part):
    """Where logs go and how their lines look."""

    folder: Path = Field(Path("logs"), description="로그 폴더")
    format: Literal["text", "json"] = Field("text", description="로그 줄 형식")
    level: Literal["debug", "info", "warning", "error"] = Field("info", description="로그 수준")
    max_open_files: PositiveInt = Field(64, description="동시에 열어 두는 로그 파일 수")


class ReportSettings(_Part):
    templates_dir: Path | None = Field(None, description="사용자 템플릿 폴더 (먼저 찾음)")


class StateSettings(_Part):
    """What is kept between runs."""

    folder: Path = Field(
        default_factory=lambda: Path(platformdirs.user_state_dir("percenty_batch")),
        description="저장된 로그인을 두는 폴더",
    )
    should_keep_sign_ins: bool = Field(True, description="로그인을 저장하고 다음 실행에 다시 사용")


class Settings(_Part):
    """The whole. `accounts_file` and `quantity` are the defaults of the same flags."""

    accounts_file: Path | None = Field(None, description="계정 파일 (CSV 또는 xlsx)")
    quantity: PositiveInt = Field(100, description="계정마다 처리할 수량")
    browser: BrowserSettings = BrowserSettings()
    site: SiteSettings = SiteSettings()
    jobs: JobSettings = JobSettings()
    logs: LogSettings = LogSettings()
    reports: ReportSettings = ReportSettings()
    state: StateSettings = Field(default_factory=StateSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A command line option's value for the setting `key` (`jobs.concurrency`). None: not given."""

    option: str
    key: str
    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """A value and where it was given, as messages call the place."""

    place: str
    value: object


def load_settings(
    file: Path | None, environ: Mapping[str, str], flags: Iterable[Flag] = ()
) -> Settings:
    """Merge file < environment < flags into settings.

    Without `file`, `percenty_batch.toml` of the working directory is read if there is one; its
    relative paths start at its own folder. A variable with an empty value counts as not set.
    Raises InputError with one Korean line for each problem: file and key, variable or option.
    """
    given = {
        **_from_file(_found_file(file)),
        **_from_environ(environ),
        **{f.key: _Given(place=f.option, value=f.value) for f in flags if f.value is not None},
    }
    try:
        return Settings.model_validate(_nest({key: each.value for key, each in given.items()}))
    except ValidationError as error:
        raise InputError("\n".join(_lines(error, given))) from error


def setting_fields(
    model: type[BaseModel] = Settings, prefix: str = ""
) -> Iterator[tuple[str, FieldInfo]]:
    """Yield every setting as (`jobs.concurrency`, its field), in the order of the models."""
    for name, field in model.model_fields.items():
        part = field.annotation
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield from setting_fields(part, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field


def variable_name(key: str) -> str:
    """Name the environment variable of a setting: `PERCENTY_JOBS__CONCURRENCY`."""
    return f"PERCENTY_{key.replace('.', '__').upper()}"


def check_variables(environ: Mapping[str, str], allowed: Iterable[str] = ()) -> None:
    """Refuse `PERCENTY_*` variables that are neither a setting nor `allowed`.

    `allowed` are those in which the accounts' passwords stand. Raises InputError.
    """
    known = {variable_name(key) for key, _ in setting_fields()}
    unknown = sorted(
        name
        for name, value in environ.items()
        if name.startswith("PERCENTY_") and value and name not in known.union(allowed)
    )
    if unknown:
        raise InputError(
            "\n".join(
                f"환경 변수 {name}: 알 수 없는 설정입니다{_hint(name, known)}" for name in unknown
            )
        )


def _found_file(file: Path | None) -> Path | None:
    return file if file or not DEFAULT_FILE.is_file() else DEFAULT_FILE


def _from_file(file: Path | None) -> dict[str, _Given]:
    if file is None:
        return {}
    fields = dict(setting_fields())
    values = dict(_flatten(_read_toml(file), fields))
    _check_keys(file, values, fields)
    return {
        key: _Given(place=f"{file}: {key}", value=_anchored(value, fields[key], file.parent))
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
        else f"{file}: {key}: 알 수 없는 설정입니다{_hint(key, fields)}"
        for key in keys
        if key not in fields
    ]
    if lines:
        raise InputError("\n".join(lines))


def _hint(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return f" ({close[0]}인가요?)" if close else ""


def _anchored(value: object, field: FieldInfo, folder: Path) -> object:
    is_path = Path in (field.annotation, *get_args(field.annotation))
    return folder / value if is_path and isinstance(value, str) else value


def _from_environ(environ: Mapping[str, str]) -> dict[str, _Given]:
    return {
        key: _Given(place=f"환경 변수 {name}", value=environ[name])
        for key, _ in setting_fields()
        if environ.get(name := variable_name(key))
    }


def _nest(values: Mapping[str, object]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *sections, name = key.split(".")
        node = tree
        for section in sections:
            node = node.setdefault(section, {})
        node[name] = value
    return tree


_TEXTS = {
    "int_parsing": "정수여야 합니다",
    "int_parsing_size": "정수가 너무 큽니다",
    "int_type": "정수여야 합니다",
    "int_from_float": "정수여야 합니다",
    "float_parsing": "숫자여야 합니다",
    "float_type": "숫자여야 합니다",
    "finite_number": "유한한 숫자여야 합니다",
    "greater_than": "{gt:g}보다 커야 합니다",
    "greater_than_equal": "{ge:g} 이상이어야 합니다",
    "bool_parsing": "true 또는 false여야 합니다",
    "bool_type": "true 또는 false여야 합니다",
    "literal_error": "{expected} 중 하나여야 합니다",
    "path_type": "경로(문자열)여야 합니다",
    "string_type": "문자열이어야 합니다",
    "tuple_type": "문자열의 목록이어야 합니다",
    "url_type": "http:// 또는 https:// 주소여야 합니다",
    "url_parsing": "http:// 또는 https:// 주소여야 합니다",
    "url_scheme": "http:// 또는 https:// 주소여야 합니다",
    "url_too_long": "주소가 너무 깁니다 (최대 {max_length}자)",
}


def _lines(error: ValidationError, given: Mapping[str, _Given]) -> Iterator[str]:
    for detail in error.errors():
        key = ".".join(str(part) for part in detail["loc"] if isinstance(part, str))
        yield f"{given[key].place}: {_korean(detail)} (입력: {_shown(given[key].value)})"


def _korean(detail: ErrorDetails) -> str:
    context = {
        name: value.replace(" or ", ", ") if isinstance(value, str) else value
        for name, value in detail.get("ctx", {}).items()
    }
    text = _TEXTS.get(detail["type"], "쓸 수 없는 값입니다")
    return text.format_map(context)


def _shown(value: object) -> str:
    text = repr(str(value) if isinstance(value, Path) else value)
    return text if len(text) <= 60 else f"{text[:60]}…"
