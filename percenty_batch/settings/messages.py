"""What is wrong with a value, in one Korean line."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A value and where it was given, as messages call the place."""

    place: str
    value: object


def hint(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return f" ({close[0]}인가요?)" if close else ""


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
    "less_than_equal": "{le:g} 이하여야 합니다",
    "bool_parsing": "true 또는 false여야 합니다",
    "bool_type": "true 또는 false여야 합니다",
    "literal_error": "{expected} 중 하나여야 합니다",
    "path_type": "경로(문자열)여야 합니다",
    "string_type": "문자열이어야 합니다",
    "too_short": "{min_length}자 이상이어야 합니다",
    "tuple_type": "문자열의 목록이어야 합니다",
    "url_type": "http:// 또는 https:// 주소여야 합니다",
    "url_parsing": "http:// 또는 https:// 주소여야 합니다",
    "url_scheme": "http:// 또는 https:// 주소여야 합니다",
    "url_too_long": "주소가 너무 깁니다 (최대 {max_length}자)",
    "user_in_url": "주소에 사용자 이름이나 비밀번호를 쓸 수 없습니다",
}
_SECRET = frozenset({"user_in_url"})  # what was entered is not shown


def lines(
    error: ValidationError, given: Mapping[str, Given], secret_keys: Collection[str] = ()
) -> Iterator[str]:
    """Tell each problem; what was entered is left out for `secret_keys`."""
    for detail in error.errors():
        key = ".".join(str(part) for part in detail["loc"] if isinstance(part, str))
        is_secret = detail["type"] in _SECRET or key in secret_keys
        entered = "" if is_secret else f" (입력: {_shown(given[key].value)})"
        yield f"{given[key].place}: {_korean(detail)}{entered}"


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
