"""What is searched for, and how bytes and lines are held against it. Pure.

A file is first looked at as bytes: only where every word stands in some form, lines are cut out
and decoded. Words are found in either case of A-Z, and Hangul however it is composed.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from percenty_batch.errors import InputError

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_JAMO = (b"\xe1\x84", b"\xe1\x85", b"\xe1\x86", b"\xe1\x87")  # Hangul in parts, U+1100-11FF
_WHOLE_TEXT = re.compile(r"(?<!\\)(?:\\\\)*\\[AZ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """Lines that hold all `words`, or match each of them as a regular expression.

    `level` is the lowest one wanted, `since` aware, `account` an id, `run` a stamp; `context` is
    the number of lines told before and after each.
    """

    words: tuple[str, ...]
    is_regex: bool = False
    level: str | None = None
    since: datetime | None = None
    account: str | None = None
    run: str | None = None
    context: int = 0


def check_query(query: SearchQuery) -> None:
    """Refuse what cannot be searched for. Raises InputError."""
    if not query.words or not all(query.words):
        raise InputError("WORDS: 찾을 말이 비어 있습니다")
    if any("\n" in word for word in query.words):
        raise InputError("WORDS: 찾을 말은 한 줄이어야 합니다")
    for word in query.words if query.is_regex else ():
        if _WHOLE_TEXT.search(word):
            raise InputError(f"--regex {word!r}: \\A와 \\Z 대신 ^와 $를 쓰세요")
        try:
            _compiled(word)
        except re.error as error:
            raise InputError(f"--regex {word!r}: 정규식이 잘못되었습니다 ({error})") from error


class WordMatcher:
    """Finds the lines of a block of bytes that hold all words."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._forms = [_forms(word) for word in words]
        self._has_case = any(form != form.upper() for forms in self._forms for form in forms)
        self._may_be_in_parts = any(not word.isascii() for word in words)
        self._wanted = [_composed_forms(word) for word in words]

    def lines(self, block: bytes) -> Iterator[tuple[int, int]]:
        """Yield begin and end of each line that matches, in their order."""
        text = block.lower() if self._has_case else block
        needles = self._forms[0]
        # The first look at one byte is quicker than any other; composed Hangul never has it.
        if self._may_be_in_parts and b"\xe1" in text and any(jamo in text for jamo in _JAMO):
            needles = (*needles, *_JAMO)
        elif not all(any(form in text for form in forms) for forms in self._forms):
            return
        found = {needle: text.find(needle) for needle in needles}
        while found := {needle: at for needle, at in found.items() if at >= 0}:
            begin, end = _line_around(block, min(found.values()))
            if self._is_wanted(block[begin:end]):
                yield begin, end
            found = {n: at if at > end else text.find(n, end) for n, at in found.items()}

    def _is_wanted(self, line: bytes) -> bool:
        composed = line.lower() if line.isascii() else _composed(line)
        return all(any(form in composed for form in forms) for forms in self._wanted)


class RegexMatcher:
    """Finds the lines of a block of bytes that match all expressions."""

    def __init__(self, expressions: tuple[str, ...]) -> None:
        self._patterns = [_compiled(each) for each in expressions]
        self._looks_around = any("(?!" in each or "(?<!" in each for each in expressions)

    def lines(self, block: bytes) -> Iterator[tuple[int, int]]:
        """Yield begin and end of each line that matches, in their order."""
        if not (self._looks_around or self._may_match(block)):
            return
        begin = 0
        while begin < len(block):
            end = _end_of_line(block, begin)
            line = unicodedata.normalize("NFC", block[begin:end].decode(errors="replace"))
            if all(pattern.search(line) for pattern in self._patterns):
                yield begin, end
            begin = end + 1

    def _may_match(self, block: bytes) -> bool:
        """Look at all lines at once; wrong for an expression that minds what is not beside it."""
        text = unicodedata.normalize("NFC", block.decode(errors="replace"))
        return all(pattern.search(text) for pattern in self._patterns)


Matcher = WordMatcher | RegexMatcher


def matcher_of(query: SearchQuery) -> Matcher:
    return (RegexMatcher if query.is_regex else WordMatcher)(query.words)


def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(unicodedata.normalize("NFC", expression), re.MULTILINE)


def _forms(word: str) -> tuple[bytes, ...]:
    """Give the bytes that a word may be written as: composed or not, plain or in JSON."""
    written = {word, json.dumps(word, ensure_ascii=False)[1:-1]}
    forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD") for text in written}
    return tuple(sorted(form.encode(errors="replace").lower() for form in forms))


def _composed_forms(word: str) -> tuple[bytes, ...]:
    return tuple(form for form in _forms(word) if _composed(form) == form)


def _composed(line: bytes) -> bytes:
    return unicodedata.normalize("NFC", line.decode(errors="replace")).encode().lower()


def _line_around(block: bytes, position: int) -> tuple[int, int]:
    return block.rfind(b"\n", 0, position) + 1, _end_of_line(block, position)


def _end_of_line(block: bytes, position: int) -> int:
    end = block.find(b"\n", position)
    return len(block) if end < 0 else end
