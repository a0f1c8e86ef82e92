"""Memo and name texts of step 1, as pure functions (percenty-steps, step 1)."""

import re
from dataclasses import dataclass

MEMO_MARK = "-S"
DUPLICATE_DIGITS = "12345"
_MARKS = re.compile(rf"(?:{re.escape(MEMO_MARK)})+$")
_FALLBACK_MODEL = "G64"


def original_memo(memo: str) -> str:
    """The memo as the supplier's, without the marks of earlier edits (`…-S-S-S` was seen)."""
    return _MARKS.sub("", memo)


def marked_memo(memo: str) -> str:
    """The memo with exactly one mark."""
    return original_memo(memo) + MEMO_MARK


def model_name(memo: str) -> str:
    """What the field 모델명 holds: the original memo."""
    return original_memo(memo) or _FALLBACK_MODEL


def letter_at(position: int) -> str:
    """The letter of a position, from 0; A follows Z."""
    return chr(ord("A") + position % 26)


def with_letter(name: str, letter: str) -> str:
    """The name with the letter at its end; a letter A–Z that stands there is replaced."""
    stem = name.rstrip()
    if stem and "A" <= stem[-1] <= "Z":
        stem = stem[:-1]
    return stem + letter


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePlan:
    """Which name a product is to have: its base with a letter, and a digit where that is taken."""

    base: str
    letter: str

    def name(self, digit: str) -> str:
        return with_letter(self.base, self.letter) + digit

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the plan may have given."""
        return tuple(self.name(digit) for digit in ("", *DUPLICATE_DIGITS))

    def explains(self, name: str) -> bool:
        """Whether the product carries what it started from, or what the plan gave it."""
        return name == self.base or name in self.names
