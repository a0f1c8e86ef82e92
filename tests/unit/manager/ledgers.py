"""A ledger in memory that can be made to fail."""

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from percenty_batch.errors import LedgerError
from percenty_batch.ledger import Ledger, MemoryLedger

P = ParamSpec("P")
T = TypeVar("T")

_CALLS = frozenset(name for name in vars(Ledger) if not name.startswith("_")) - {"hurry"}
_READS = frozenset(
    {"run", "runs", "outcomes", "batch", "job", "edits", "turn", "spent", "holder", "close"}
)
NO_LIMIT = 1_000_000


class FailingLedger(MemoryLedger):
    """Takes so many writes and refuses those after; one that `is_gone` cannot be read either."""

    def __init__(self, writes: int = NO_LIMIT, *, is_gone: bool = False) -> None:
        super().__init__()
        self.writes_left = writes
        self.is_gone = is_gone

    def __getattribute__(self, name: str) -> object:
        found = super().__getattribute__(name)
        return self._guarded(name, found) if name in _CALLS else found

    def _guarded(self, name: str, call: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            self.writes_left -= name not in _READS
            if self.writes_left < 0 and (self.is_gone or name not in _READS):
                raise LedgerError("원장에 쓸 수 없습니다")
            return await call(*args, **kwargs)

        return guarded
