"""What a step gets: the signed-in site, the account's log, its share of work, its memory."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from structlog.typing import FilteringBoundLogger

from percenty_batch.errors import FailureKind
from percenty_batch.models import Account, ItemOutcome, ItemResult
from percenty_batch.percenty import PercentySite
from percenty_batch.settings import JobSettings


@dataclass(slots=True, kw_only=True)
class ProductNotes:
    """What must be remembered of a product, so that no edit is applied to its own result."""

    memo: str | None = None
    base_name: str | None = None
    letter: str | None = None
    has_memo_in_detail: bool = False
    moving_to: str | None = None
    is_being_deleted: bool = False


@dataclass(slots=True, kw_only=True)
class AccountMemory:
    """What an account's attempts and batches of one run share."""

    letters_used: int = 0
    last_memo: str | None = None
    products: dict[str, ProductNotes] = field(default_factory=dict)

    def notes(self, key: str) -> ProductNotes:
        return self.products.setdefault(key, ProductNotes())


class ItemBook:
    """The outcomes of one job's items, over all of its attempts. Each key has one outcome."""

    def __init__(self, requested: int, on_item: Callable[[int, ItemResult], None]) -> None:
        self.requested = requested
        self._on_item = on_item
        self._items: dict[str, ItemResult] = {}
        self._in_flight: str | None = None
        self.source_before: int | None = None
        self.source_after: int | None = None

    def saw_source(self, count: int) -> None:
        """Keep the source list's own count: the first one and the latest."""
        if self.source_before is None:
            self.source_before = count
        self.source_after = count

    @property
    def items(self) -> tuple[ItemResult, ...]:
        return tuple(self._items.values())

    @property
    def in_flight(self) -> str | None:
        """The item that was begun and has no outcome yet."""
        return self._in_flight

    @property
    def remaining(self) -> int:
        return self.requested - len(self._items)

    def has(self, key: str) -> bool:
        return key in self._items

    def begin(self, key: str) -> None:
        """Note the item whose edits begin now; at most one is in flight."""
        self._in_flight = key

    def record(self, item: ItemResult) -> None:
        self._items[item.key] = item
        self._in_flight = None
        self._on_item(len(self._items), item)

    def settle(self, reason: str, kind: FailureKind | None) -> None:
        """The job is over: an item still in flight is unknown, for nobody saw its end."""
        if self._in_flight is not None:
            self.record(
                ItemResult(
                    key=self._in_flight, outcome=ItemOutcome.UNKNOWN, reason=reason, kind=kind
                )
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContext:
    """One attempt of one job, as its step sees it."""

    account: Account
    site: PercentySite
    log: FilteringBoundLogger
    book: ItemBook
    memory: AccountMemory
    should_stop: asyncio.Event
    limits: JobSettings
