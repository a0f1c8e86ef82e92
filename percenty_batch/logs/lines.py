"""How one event becomes one line: the guide's format, or a JSON object."""

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Protocol

from structlog.contextvars import merge_contextvars
from structlog.typing import EventDict

from percenty_batch.logs.masking import Secrets

# Everything that starts a line, moves the cursor, turns the direction of the text or is
# invisible: C0, C1, soft hyphen, zero width (but not the joiners of emoji), separators, bidi
# controls, lone surrogates, tags.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_MAX_DEPTH = 4  # of a context value; deeper parts are shown as text, and a cycle ends


def one_line(text: str) -> str:
    r"""Show what could break or forge a line escaped (`\n`, `\x1b`, `\u2028`).

    Hangul, emoji and all other readable text stay as they are.
    """
    return text if text.isprintable() else _UNSAFE.sub(_escaped, text)


def json_line(record: Mapping[str, object]) -> str:
    """Write a JSON object on one line; what could break or forge a line is escaped in it."""
    return _UNSAFE.sub(_json_escaped, json.dumps(record, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


def _json_escaped(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


class LineClock:
    """Local time with milliseconds; the part down to the second is made once a second."""

    def __init__(self, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._now_ns = now_ns
        self._cached = (-1, "", "", "")

    def plain(self) -> str:
        """Give `2024-12-01 14:30:52,123`."""
        (_, plain, _, _), milliseconds = self._read()
        return f"{plain},{milliseconds:03d}"

    def iso(self) -> str:
        """Give `2024-12-01T14:30:52.123+09:00`."""
        (_, _, iso, zone), milliseconds = self._read()
        return f"{iso}.{milliseconds:03d}{zone}"

    def _read(self) -> tuple[tuple[int, str, str, str], int]:
        second, nanoseconds = divmod(self._now_ns(), 1_000_000_000)
        cached = self._cached
        if cached[0] != second:
            iso = datetime.fromtimestamp(second, UTC).astimezone().isoformat()
            self._cached = cached = (second, iso[:19].replace("T", " "), iso[:19], iso[19:])
        return cached, nanoseconds // 1_000_000


class LineFormat(Protocol):
    """Make one line, without its end, of an event that belongs to an account or to none."""

    def __call__(self, account: str | None, level: str, event: EventDict) -> str: ...


class TextLines:
    """The guide's format, to the letter; bound values are context and not shown.

    An exception follows on the same line, so that no text of a page can stand at the start of
    a line and pass for one of ours.
    """

    def __init__(self, secrets: Secrets, clock: LineClock) -> None:
        self._mask = secrets.mask
        self._clock = clock
        self._labels: dict[str | None, str] = {None: ""}

    def __call__(self, account: str | None, level: str, event: EventDict) -> str:
        message = self._shown(event["event"])
        if "exception" in event:
            message += f" | 오류 상세: {self._shown(event['exception'])}"
        label = self._labels.get(account)
        if label is None:
            label = self._labels[account] = f"[{one_line(account or '')}] "
        return f"{self._clock.plain()} - {level} - {label}{message}"

    def _shown(self, value: object) -> str:
        return one_line(self._mask(value if isinstance(value, str) else _as_text(value)))


class JsonLines:
    """One object per line: `at level account message`, then the context as fields.

    A context field that bears one of these names gets an underscore behind it.
    """

    def __init__(self, secrets: Secrets, clock: LineClock) -> None:
        self._mask = secrets.mask
        self._clock = clock

    def __call__(self, account: str | None, level: str, event: EventDict) -> str:
        context = {**merge_contextvars(None, "", event)}
        record: dict[str, object] = {
            "at": self._clock.iso(),
            "level": level,
            "account": account,
            "message": self._mask(_as_text(context.pop("event"))),
        }
        if context.get("account") == account:
            context.pop("account", None)
        for key, value in context.items():
            name = self._mask(key)
            while name in record:
                name += "_"
            record[name] = self._plain(value, _MAX_DEPTH)
        return json_line(record)

    def _plain(self, value: object, depth: int) -> object:
        """Reduce any value to what JSON knows, with every text in it masked."""
        if depth and isinstance(value, dict):
            return {
                self._mask(_as_text(key)): self._plain(part, depth - 1)
                for key, part in value.items()
            }
        if depth and isinstance(value, list | tuple):
            return [self._plain(part, depth - 1) for part in value]
        if value is None or isinstance(value, bool):
            return value
        text = _as_text(value)
        masked = self._mask(text)
        is_number = isinstance(value, int) or (isinstance(value, float) and isfinite(value))
        return value if is_number and masked == text else masked


def _as_text(value: object) -> str:
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001 - a foreign __str__ must not end an account's work
        return f"<{type(value).__name__}: {type(error).__name__}>"
