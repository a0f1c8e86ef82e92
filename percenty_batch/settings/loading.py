"""File < environment < flags, merged into one Settings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from percenty_batch.errors import InputError
from percenty_batch.settings.file import found_file, read_file
from percenty_batch.settings.messages import Given, hint, lines
from percenty_batch.settings.model import Settings, setting_fields, variable_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A command line option's value for the setting `key` (`jobs.concurrency`). None: not given."""

    option: str
    key: str
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
        **read_file(found_file(file)),
        **_from_environ(environ),
        **{f.key: Given(place=f.option, value=f.value) for f in flags if f.value is not None},
    }
    try:
        return Settings.model_validate(_nest({key: each.value for key, each in given.items()}))
    except ValidationError as error:
        secret = {key for key, field in setting_fields() if not field.repr}
        raise InputError("\n".join(lines(error, given, secret))) from error


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
                f"환경 변수 {name}: 알 수 없는 설정입니다{hint(name, known)}" for name in unknown
            )
        )


def _from_environ(environ: Mapping[str, str]) -> dict[str, Given]:
    return {
        key: Given(place=f"환경 변수 {name}", value=environ[name])
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
