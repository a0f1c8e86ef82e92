"""A site without pages: a list of products that behaves, or misbehaves, as it is told."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from percenty_batch.accounts import AccountInputs, no_inputs
from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.ledger import JobRef, Json, Ledger, MemoryLedger
from percenty_batch.models import Account, ItemResult
from percenty_batch.percenty import GroupProducts, ListedProduct, PercentySite, ProductPage
from percenty_batch.percenty.groups import UNGROUPED
from percenty_batch.settings import JobSettings, SiteSettings, StepSettings
from percenty_batch.steps import ItemBook, StepContext, Ungrouped
from tests.unit.jobs.builders import product_key
from tests.unit.jobs.deaths import Life
from tests.unit.jobs.fakes import FakeSession, Recorded
from tests.unit.jobs.ledgers import JOB_ID, begin_batch, read_job, taken_job

ACCOUNT = "a@example.com"


def listed(number: int) -> ListedProduct:
    return ListedProduct(
        key=product_key(number), name=f"상품 {number} H16Z", name_position=0, group=UNGROUPED
    )


class FakeList(GroupProducts):
    """Products in pages; ungrouped ones stand in `rows`, the others in `groups`, newest first.

    `ignored` counts the coming moves that the site silently does not make, `ignored_dialogs` the
    same for the dialog; `stale` the coming looks at the list that still show its old state;
    `blank` those that show nothing at all; `failing` those that the site does not answer;
    `arriving` the products that are collected while one leaves.
    """

    def __init__(self, count: int, *, page_size: int = 20) -> None:
        self.rows = {product.key: product for product in map(listed, range(count))}
        self.groups: dict[str, list[ListedProduct]] = {}
        self.dialogs: list[str] = []
        self.looks = self.ignored = self.ignored_dialogs = self.stale = self.arriving = 0
        self.blank = self.failing = 0
        self.life = Life()
        self._page_size = page_size
        self._page_number = 0
        self._view: str | None = None
        self._old_rows = self.rows

    def page(self) -> ProductPage:
        rows = self._listed()
        begin = self._page_number * self._page_size
        return ProductPage(total=len(rows), rows=tuple(rows[begin : begin + self._page_size]))

    def take(self, key: str, group: str) -> None:
        """Have the product leave the list."""
        self._old_rows = dict(self.rows)
        product = self.rows.pop(key)
        self.groups.setdefault(group, []).insert(0, replace(product, group=group))
        for number in range(self.arriving):
            self.rows[product_key(1000 + number)] = listed(1000 + number)

    def rename(self, key: str, name: str) -> None:
        self._old_rows = dict(self.rows)
        self.rows[key] = replace(self.rows[key], name=" ".join(name.split()))

    def group_of(self, key: str) -> str | None:
        """The group that the product is in; None while it is ungrouped."""
        if key in self.rows:
            return None
        return next(
            group
            for group, members in self.groups.items()
            if any(product.key == key for product in members)
        )

    async def open(self, *, is_grouped: bool) -> ProductPage:
        return await self.show(is_grouped=is_grouped)

    async def show(self, *, is_grouped: bool) -> ProductPage:
        assert not is_grouped
        self._answer()
        self._view, self._page_number = None, 0
        return self.page()

    async def show_group(self, group: str) -> ProductPage:
        self._answer()
        self._view, self._page_number = group, 0
        return self.page()

    async def refresh(self, *, is_grouped: bool, silence_s: float = 0.1) -> ProductPage:
        assert not is_grouped
        await asyncio.sleep(silence_s)
        self._answer()
        self.looks += 1
        self._view, self._page_number = None, 0
        page = self.page()
        self.stale = max(self.stale - 1, 0)
        self.blank = max(self.blank - 1, 0)
        return page

    async def read(self, *, is_grouped: bool, group: str | None = None) -> ProductPage:
        assert (is_grouped, group) == (self._view is not None, self._view)
        return self.page()

    async def next_page(self, *, is_grouped: bool) -> ProductPage | None:
        assert is_grouped is (self._view is not None)
        if (self._page_number + 1) * self._page_size >= len(self._listed()):
            return None
        self._page_number += 1
        return self.page()

    async def assign_group(self, key: str, group: str) -> str:
        self.life.moment()
        if self.ignored:
            self.ignored -= 1
        else:
            self.take(key, group)
        self.life.moment()
        return group

    async def assign_group_by_dialog(self, key: str, group: str) -> str:
        assert self.page().row(key), "the row is not on this page"
        self.dialogs.append(key)
        if self.ignored_dialogs:
            self.ignored_dialogs -= 1
        elif key in self.rows:
            self.take(key, group)
        return group

    def _answer(self) -> None:
        """Be refused as the real list is after a failed call."""
        if self.failing:
            self.failing -= 1
            raise WorkError(FailureKind.SITE_ERROR, "사이트 오류: GET /products → 500")

    def _listed(self) -> list[ListedProduct]:
        if self.blank:
            return []
        if self._view is not None:
            return self.groups.get(self._view, [])
        return list((self._old_rows if self.stale else self.rows).values())


class FakeSite(PercentySite):
    """The real fence around a fake list; counts how often the site was loaded anew."""

    products: FakeList

    def __init__(self, products: FakeList) -> None:
        super().__init__(FakeSession(ACCOUNT), SiteSettings())
        self.products = products
        self.loads = 0

    async def start_over(self) -> None:
        self.loads += 1

    def sign_out(self) -> None:
        self._traffic.signed_out.set()


@dataclass(slots=True)
class FakeEvidence:
    """Writes down what it was asked to take, and how often to forget."""

    taken: list[str] = field(default_factory=list)
    forgotten: int = 0

    async def take(self, name: str) -> tuple[str, ...]:
        self.taken.append(name)
        return (f"evidence/{name}.png",)

    async def forget(self) -> None:
        self.forgotten += 1


@dataclass(slots=True, kw_only=True)
class Account1:
    """One account's job: what its attempts share, what stays after it, and what was seen of it."""

    products: FakeList
    open_site: Callable[[FakeList], FakeSite] = FakeSite
    quantity: int = 100
    limits: JobSettings = field(default_factory=JobSettings)
    rules: StepSettings = field(default_factory=StepSettings)
    inputs: AccountInputs = field(default_factory=lambda: no_inputs(ACCOUNT))
    ledger: Ledger = field(default_factory=MemoryLedger)
    job_id: str = JOB_ID
    mask: Callable[[str], str] = str
    should_stop: asyncio.Event = field(default_factory=asyncio.Event)
    told: list[tuple[int, ItemResult]] = field(default_factory=list)
    log: Recorded = field(default_factory=Recorded)
    evidence: FakeEvidence = field(default_factory=FakeEvidence)
    ref: JobRef = field(init=False)
    book: ItemBook = field(init=False)

    async def start(self) -> None:
        """Start the job, or take it up again: then only the ledger knows what was."""
        await begin_batch(self.ledger, ACCOUNT, quantity=self.quantity, job_id=self.job_id)
        self.ref = await taken_job(self.ledger, ACCOUNT, job_id=self.job_id)
        known = await read_job(self.ledger, ACCOUNT, job_id=self.job_id)
        self.book = ItemBook(
            self.quantity,
            self.ledger,
            self.ref,
            on_item=lambda index, item: self.told.append((index, item)),
            known=known.items,
            mask=self.mask,
        )

    async def attempt(self) -> StepContext:
        """Begin an attempt; each has a site of its own."""
        if not hasattr(self, "book"):
            await self.start()
        site = self.open_site(self.products)
        return StepContext(
            account=Account(id=ACCOUNT, password="secret"),
            inputs=self.inputs,
            site=site,
            source=Ungrouped(site),
            log=self.log.log,
            book=self.book,
            ledger=self.ledger,
            job=self.ref,
            should_stop=self.should_stop,
            limits=self.limits,
            rules=self.rules,
            evidence=self.evidence,
        )

    async def intended(self, key: str, action: str) -> Json:
        """What the ledger says was intended for a product."""
        edits = await self.ledger.edits(self.ref, key)
        return next((edit.intended for edit in edits if edit.action == action), None)

    def outcomes(self) -> list[str]:
        return [item.outcome.value for item in self.book.items]


def keys(numbers: Iterable[int]) -> list[str]:
    return [product_key(number) for number in numbers]
