"""What a form or an address brings: bounded texts, and nothing else."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from urllib.parse import parse_qs, urlencode

from markupsafe import Markup, escape
from starlette.requests import Request

_MOST_BYTES = 16 * 1024
_MOST_ROWS = 500


class TooLargeError(Exception):
    """A form has more than any of ours."""


async def read_form(request: Request) -> dict[str, str]:
    """Read a posted form: the last value of each field. Raises TooLargeError."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise TooLargeError
    fields = parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


def href(path: str, query: Mapping[str, object] | None = None) -> Markup:
    """Write an address for a template. Fields that are empty or None are left out."""
    given = {name: str(value) for name, value in (query or {}).items() if value not in (None, "")}
    asked = urlencode(given, errors="surrogatepass")
    return escape(f"{path}?{asked}" if asked else path)


def own_path(text: str) -> str:
    """Take only a path of ours as where to go on; anything else is the first page."""
    is_plain = text.startswith("/") and not text.startswith("//")
    return text if is_plain and "\\" not in text and text.isprintable() else "/"


def number(text: str | None, *, least: int = 0, most: int = 1_000_000, other: int = 0) -> int:
    """Read a whole number between the limits; `other` when it is none."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 10):
        return other
    return min(max(int(text), least), most)


def written_rows(rows: Iterable[int]) -> str:
    """Write row numbers in few characters: `0-199,205`."""
    numbers = sorted(rows)
    breaks = [0, *(n for n, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1), len(numbers)]
    spans = [(numbers[a], numbers[b - 1]) for a, b in pairwise(breaks) if b > a]
    return ",".join(f"{a}-{b}" if b > a else f"{a}" for a, b in spans)


def read_rows(text: str) -> tuple[int, ...]:
    """Read row numbers again; what is none is left out, and so is what is too much."""
    rows: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin, end = number(first, other=-1), number(last or first, other=-1)
        if 0 <= begin <= end:
            rows.extend(range(begin, min(end + 1, begin + _MOST_ROWS)))
        if len(rows) >= _MOST_ROWS:
            break
    return tuple(rows[:_MOST_ROWS])
