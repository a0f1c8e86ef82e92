"""The language of the task sheets' cells: `first:1/last:2`, `specific:all`, `copy:3`, `YES` …

Every value prints as the cell that it was read from, in one canonical spelling.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from percenty_batch.accounts.table import CellError

_MOST = 999  # of a count or position; a product has some dozens of images
_NUMBER = re.compile(rf"0*[1-9][0-9]{{0,{len(str(_MOST)) - 1}}}")
_TAG = re.compile(r"<[a-z][^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Images to delete: so many first and last ones, and these positions (from 1, ascending)."""

    first: int = 0
    last: int = 0
    at: tuple[int, ...] = ()

    def positions(self, count: int) -> tuple[int, ...]:
        """Return the positions among `count` images, each once, the highest first."""
        meant = {
            *range(1, self.first + 1),
            *range(count - self.last + 1, count + 1),
            *self.at,
        }
        return tuple(sorted((p for p in meant if 1 <= p <= count), reverse=True))

    def __str__(self) -> str:
        parts = {"first": self.first, "last": self.last, "specific": ",".join(map(str, self.at))}
        return "/".join(f"{name}:{value}" for name, value in parts.items() if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """So many option images, from the first, to copy to the thumbnails."""

    count: int

    def __str__(self) -> str:
        return f"copy:{self.count}"


@dataclass(frozen=True, slots=True)
class AllImages:
    """Translate every image."""

    def __str__(self) -> str:
        return "specific:all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagesAt:
    """Translate the images at these positions (from 1, ascending)."""

    positions: tuple[int, ...]

    def __str__(self) -> str:
        return f"specific:{','.join(map(str, self.positions))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChineseImages:
    """Translate those of the first `among` images that show Chinese."""

    among: int

    def __str__(self) -> str:
        return f"special:{self.among}"


Translation = AllImages | ImagesAt | ChineseImages


def parse_removal(text: str) -> Removal | None:
    """Read `first:N`, `last:N`, `specific:a,b`, or several joined by `/`. `YES`: the last image.

    None: nothing to do. Raises CellError, as all of these do.
    """
    if _is_no(text):
        return None
    if _is_yes(text):
        return Removal(last=1)
    tokens = _tokens(text, "first:N", "last:N", "specific:a,b")
    first, last = (_number(tokens[name]) if name in tokens else 0 for name in ("first", "last"))
    at = _positions(tokens["specific"]) if "specific" in tokens else ()
    if at and at[0] <= first:
        raise CellError(f"{at[0]}번은 'first:{first}'에 이미 들어 있습니다")
    return Removal(first=first, last=last, at=at)


def parse_copies(text: str) -> Copies | None:
    """Read `copy:N`. `YES`: one."""
    if _is_no(text):
        return None
    if _is_yes(text):
        return Copies(count=1)
    return Copies(count=_number(_tokens(text, "copy:N")["copy"]))


def parse_translation(text: str) -> Translation | None:
    """Read one of `specific:all`, `specific:a,b` and `special:N`. `YES`: all."""
    if _is_no(text):
        return None
    if _is_yes(text):
        return AllImages()
    tokens = _tokens(text, "specific:all", "specific:a,b", "special:N")
    if len(tokens) > 1:
        raise CellError(f"{_shortened(text)!r}: specific과 special은 함께 쓸 수 없습니다")
    if "special" in tokens:
        return ChineseImages(among=_number(tokens["special"]))
    if tokens["specific"].argument.casefold() == "all":
        return AllImages()
    return ImagesAt(positions=_positions(tokens["specific"]))


def parse_html(text: str) -> str | None:
    """Take HTML as it stands. What has no tag is a cell of another column, or a slip."""
    if _is_no(text):
        return None
    if not _TAG.search(text):
        raise CellError(f"{_shortened(text)!r}: HTML 태그가 없습니다")
    return text


def parse_unoffered(text: str) -> None:
    """Allow a blank and `NO` only."""
    if not _is_no(text):
        raise CellError(f"{_shortened(text)!r}: 제공하지 않는 작업입니다 (비우거나 NO로 쓰세요)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    text: str
    name: str
    argument: str


def _tokens(text: str, *allowed: str) -> dict[str, _Token]:
    names = {form.partition(":")[0] for form in allowed}
    found: dict[str, _Token] = {}
    for token in _split(text):
        if token.name not in names:
            raise CellError(
                f"{_shortened(token.text)!r}: 알 수 없는 지시입니다"
                f" (쓸 수 있는 지시: {', '.join((*allowed, 'YES', 'NO'))})"
            )
        if token.name in found:
            raise CellError(f"{_shortened(text)!r}: {token.name}이 두 번 있습니다")
        found[token.name] = token
    return found


def _split(text: str) -> Iterator[_Token]:
    for part in text.split("/"):
        name, colon, argument = part.partition(":")
        yield _Token(
            text=part.strip(),
            name=name.strip().casefold() if colon else "",
            argument=argument.strip(),
        )


def _number(token: _Token) -> int:
    return _count(token.argument, token)


def _positions(token: _Token) -> tuple[int, ...]:
    positions = [_count(part.strip(), token) for part in token.argument.split(",")]
    doubled = sorted({p for p in positions if positions.count(p) > 1})
    if doubled:
        raise CellError(f"{token.text!r}: {doubled[0]}번이 두 번 있습니다")
    return tuple(sorted(positions))


def _count(text: str, token: _Token) -> int:
    if not _NUMBER.fullmatch(text):
        raise CellError(f"{_shortened(token.text)!r}: 1부터 {_MOST}까지의 수를 쓰세요")
    return int(text)


def _is_no(text: str) -> bool:
    return text.casefold() in ("", "no")


def _is_yes(text: str) -> bool:
    return text.casefold() == "yes"


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
