"""The settings as they are in force; what is secret is masked. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pydantic import BaseModel

from percenty_batch.settings import Settings, setting_fields, variable_name

MASK = "***"
_NONE = "(없음)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One setting."""

    key: str
    variable: str
    value: str
    is_usual: bool
    text: str


def setting_groups(settings: Settings) -> list[tuple[str, tuple[SettingRow, ...]]]:
    """List all settings by their room; those of none come first, under an empty name."""
    rows = groupby(_rows(settings), key=lambda row: row.key.rpartition(".")[0])
    return [(room, tuple(of_room)) for room, of_room in rows]


def _rows(settings: Settings) -> Iterator[SettingRow]:
    for key, field in setting_fields():
        value = _value(settings, key)
        usual = field.get_default(call_default_factory=True)
        is_secret = not field.repr and value not in (None, ())
        yield SettingRow(
            key=key,
            variable=variable_name(key),
            value=MASK if is_secret else _shown(value),
            is_usual=value == usual,
            text=field.description or "",
        )


def _value(settings: BaseModel, key: str) -> object:
    value: object = settings
    for name in key.split("."):
        value = getattr(value, name)
    return value


def _shown(value: object) -> str:
    if value is None or value == ():
        return _NONE
    if isinstance(value, bool):
        return "예" if value else "아니요"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
