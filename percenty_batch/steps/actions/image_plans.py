"""Plans of edits over a list of images, as pure values that the ledger can keep."""

from collections.abc import Sequence
from dataclasses import dataclass

from percenty_batch.ledger import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """Which of the images that were there are to go: positions from 1, the highest first."""

    before: tuple[str, ...]
    positions: tuple[int, ...]

    @property
    def after(self) -> tuple[str, ...]:
        return self._without(len(self.positions))

    def left(self, now: Sequence[str]) -> tuple[int, ...] | None:
        """Tell the positions that are still to go; None when the images are not ours any more.

        Where every address is another one than before, only their number can tell.
        """
        for done in range(len(self.positions) + 1):
            if tuple(now) == self._without(done):
                return self.positions[done:]
        gone = len(self.before) - len(now)
        is_known = bool(set(now) & set(self.before))
        if is_known or not 0 <= gone <= len(self.positions):
            return None
        return self.positions[gone:]

    def as_json(self) -> Json:
        return {"before": list(self.before), "positions": list(self.positions)}

    def _without(self, done: int) -> tuple[str, ...]:
        gone = set(self.positions[:done])
        return tuple(each for at, each in enumerate(self.before, start=1) if at not in gone)


def deletion_of(intended: Json) -> Deletion | None:
    """Read a deletion that an earlier attempt wrote down."""
    match intended:
        case {"before": list(before), "positions": list(positions)}:
            return Deletion(
                before=tuple(map(str, before)), positions=tuple(map(_position, positions))
            )
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationPlan:
    """Which images are to be translated (positions from 1), and what all were before."""

    before: tuple[str, ...]
    positions: tuple[int, ...]

    def left(self, now: Sequence[str]) -> tuple[int, ...] | None:
        """Tell the positions not yet saved; None when the images are not ours any more.

        The editor saves all at once, and an image that it saved has another address.
        """
        if len(now) != len(self.before):
            return None
        return tuple(at for at in self.positions if now[at - 1] == self.before[at - 1])

    def as_json(self) -> Json:
        return {"before": list(self.before), "positions": list(self.positions)}


def translated_of(intended: Json) -> TranslationPlan | None:
    """Read a translation that an earlier attempt wrote down."""
    plan = deletion_of(intended)
    return None if plan is None else TranslationPlan(before=plan.before, positions=plan.positions)


def copies_left(before: int, wanted: int, now: int) -> int | None:
    """Tell how many copies are still to be made; None when the number is not ours any more."""
    made = now - before
    return wanted - made if 0 <= made <= wanted else None


def cycled(count: int, number: int) -> int:
    """Tell the position (from 1) of the number-th (from 0) of images taken in turn."""
    return number % count + 1


def _position(value: Json) -> int:
    return value if isinstance(value, int) else 0
