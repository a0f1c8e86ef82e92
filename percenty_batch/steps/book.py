"""The outcomes of one job's items: in memory for the step, in the ledger for everybody else."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from percenty_batch.errors import FailureKind
from percenty_batch.ledger import ItemRecord, JobRef, Ledger
from percenty_batch.models import ItemOutcome, ItemResult


class ItemBook:
    """Over all attempts of a job, and all starts of its run. Each key has one outcome.

    `known` are the items that the ledger holds already. What it does not hold is not so: every
    change of the book is committed before the call returns. `mask` takes secrets out of texts.
    """

    def __init__(
        self,
        requested: int,
        ledger: Ledger,
        job: JobRef,
        *,
        on_item: Callable[[int, ItemResult], None],
        known: Iterable[ItemRecord] = (),
        mask: Callable[[str], str] = str,
    ) -> None:
        self.requested = requested
        self.source_before: int | None = None
        self.source_after: int | None = None
        self._ledger = ledger
        self._job = job
        self._on_item = on_item
        self._mask = mask
        self._items: dict[str, ItemResult] = {}
        self._owed: list[str] = []
        for record in known:
            self._take(record)

    def saw_source(self, count: int) -> None:
        """Keep the source list's own count: the first one and the latest."""
        if self.source_before is None:
            self.source_before = count
        self.source_after = count

    @property
    def items(self) -> tuple[ItemResult, ...]:
        return tuple(self._items.values())

    @property
    def owed(self) -> str | None:
        """The next item that was begun earlier and whose fate is still to be settled."""
        return self._owed[0] if self._owed else None

    @property
    def owed_keys(self) -> tuple[str, ...]:
        """All of these items, the next one first."""
        return tuple(self._owed)

    @property
    def remaining(self) -> int:
        """How many items may still be begun, besides those that are owed."""
        in_flight = sum(key not in self._items for key in self._owed)
        return self.requested - len(self._items) - in_flight

    def has(self, key: str) -> bool:
        return key in self._items or key in self._owed

    def is_open(self, key: str) -> bool:
        """Whether the item may be worked on now: it is owed, or new and within the quantity."""
        return key in self._owed or (key not in self._items and self.remaining > 0)

    def is_owed(self, key: str) -> bool:
        """Whether the item was begun earlier and its fate is still to be settled."""
        return key in self._owed

    def result(self, key: str) -> ItemResult | None:
        """What is known of an item; None while it is in flight."""
        return self._items.get(key)

    async def begin(self, key: str) -> None:
        """Claim the item whose edits begin now; until it is recorded, it is owed."""
        await self._ledger.claim_item(self._job, key, _now())
        self._items.pop(key, None)
        if key not in self._owed:
            self._owed.insert(0, key)

    async def record(self, item: ItemResult) -> None:
        """Commit an item's outcome. A page may have put a secret into its reason."""
        item = replace(item, reason=item.reason and self._mask(item.reason))
        await self._ledger.record_item(self._job, item, _now())
        self._items[item.key] = item
        self.forgive(item.key)
        self._on_item(len(self._items), item)

    def forgive(self, key: str) -> None:
        """Ask no more about the item: what is known of it stays."""
        if key in self._owed:
            self._owed.remove(key)

    def unsettled(self, reason: str, kind: FailureKind | None) -> tuple[ItemResult, ...]:
        """What the items came to if the job ends now: one in flight is unknown."""
        in_flight = [key for key in self._owed if key not in self._items]
        return (
            *self._items.values(),
            *(
                ItemResult(key=key, outcome=ItemOutcome.UNKNOWN, reason=reason, kind=kind)
                for key in in_flight
            ),
        )

    def _take(self, record: ItemRecord) -> None:
        result = record.result
        if result is not None:
            self._items[record.key] = result
        if result is None or _deserves_another_look(result):
            self._owed.append(record.key)


def _deserves_another_look(item: ItemResult) -> bool:
    """An item that failed may have been unlucky; one whose data are wrong would fail again."""
    if item.outcome is ItemOutcome.UNKNOWN:
        return True
    return item.outcome is ItemOutcome.FAILED and item.kind is not FailureKind.DATA


def _now() -> datetime:
    return datetime.now().astimezone()
