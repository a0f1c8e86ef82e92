"""What a step gets: the signed-in site, the account's log, its share of work, its ledger."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from structlog.typing import FilteringBoundLogger

from percenty_batch.accounts import AccountInputs
from percenty_batch.ledger import JobRef, Ledger, Turn
from percenty_batch.models import Account
from percenty_batch.percenty import PercentySite
from percenty_batch.settings import JobSettings, StepSettings
from percenty_batch.steps.book import ItemBook
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.sources import ProductSource
from percenty_batch.steps.units import Unit


@dataclass(slots=True, kw_only=True)
class AttemptNotes:
    """What one attempt remembers of its own pages; a new attempt has new ones."""

    last_memo: str | None = None


class Evidence(Protocol):
    """Keeps what can be seen of a failure; raises nothing."""

    async def take(self, name: str) -> tuple[str, ...]: ...

    async def forget(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContext:
    """One attempt of one job, as its step sees it.

    `inputs` are the account's own rows, `unit` is what the step counts, and `source` the list
    that products are taken from: the ungrouped ones where the step names no other. `goes_on` is
    called in the midst of a long item: it does not stand still.
    """

    account: Account
    inputs: AccountInputs
    site: PercentySite
    log: FilteringBoundLogger
    book: ItemBook
    ledger: Ledger
    job: JobRef
    should_stop: asyncio.Event
    limits: JobSettings
    rules: StepSettings
    evidence: Evidence
    source: ProductSource
    unit: Unit = Unit.PRODUCT
    notes: AttemptNotes = field(default_factory=AttemptNotes)
    goes_on: Callable[[], None] = lambda: None

    async def edits(self, key: str) -> ItemEdits:
        """Read an item's edits: what an earlier attempt, run or process began and did."""
        known = await self.ledger.edits(self.job, key)
        return ItemEdits(self.ledger, self.job, key, known)

    async def turn(self, name: str) -> Turn:
        """Read the place in one of the account's sequences."""
        return await self.ledger.turn(self.account.id, name)
