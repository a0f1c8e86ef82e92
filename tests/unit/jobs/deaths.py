"""A process that dies at the n-th moment of its life, and the ledger as it writes to it."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from percenty_batch.ledger import Ledger

_WRITES = frozenset(
    {
        "acquire",
        "begin_attempt",
        "claim_item",
        "end_attempt",
        "end_job",
        "intend",
        "record_item",
        "release",
    }
)


class Death(BaseException):
    """The process ends here. Nothing of the program may catch it."""


class Life:
    """Counts the moments before and after each change, of the site or of the ledger."""

    def __init__(self, dies_at: int | None = None) -> None:
        self.moments = 0
        self._dies_at = dies_at

    def moment(self) -> None:
        """Die when it is time; who is dead changes nothing any more."""
        self.moments += 1
        if self._dies_at is not None and self.moments >= self._dies_at:
            raise Death


class _MortalLedger:
    def __init__(self, ledger: Ledger, life: Life) -> None:
        self._ledger = ledger
        self._life = life

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        call: Callable[..., Awaitable[Any]] = getattr(self._ledger, name)
        if name not in _WRITES:
            return call

        async def write(*args: object, **values: object) -> object:
            self._life.moment()
            answer = await call(*args, **values)
            self._life.moment()
            return answer

        return write


def mortal(ledger: Ledger, life: Life) -> Ledger:
    """Give the ledger into the hands of a process that dies right before or after a write."""
    return cast("Ledger", _MortalLedger(ledger, life))
