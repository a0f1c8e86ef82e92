"""A site without pages: a list of products that behaves, or misbehaves, as it is told."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.models import Account, ItemResult
from percenty_batch.percenty import Drawer, GroupProducts, ListedProduct, PercentySite, ProductPage
from percenty_batch.percenty.groups import UNGROUPED
from percenty_batch.settings import JobSettings, SiteSettings
from percenty_batch.steps import AccountMemory, ItemBook, StepContext
from tests.unit.jobs.builders import product_key
from tests.unit.jobs.fakes import FakeSession


def listed(number: int) -> ListedProduct:
    return ListedProduct(
        key=product_key(number), name=f"상품 {number} H16Z", name_position=0, group=UNGROUPED
    )


class FakeList(GroupProducts):
    """Ungrouped products in pages.

    `ignored` counts the coming moves that the site silently does not make, `ignored_dialogs` the
    same for the dialog; `stale` counts the coming looks at the list that still show its old state.
    """

    def __init__(self, count: int, *, page_size: int = 20) -> None:
        self.rows = {product.key: product for product in map(listed, range(count))}
        self.groups: dict[str, str] = {}
        self.dialogs: list[str] = []
        self.silences: list[float] = []
        self.ignored = self.ignored_dialogs = self.stale = self.arriving = 0
        self._page_size = page_size
        self._page_number = 0
        self._old_rows = dict(self.rows)

    def shown(self) -> ProductPage:
        rows = self._old_rows if self.stale else self.rows
        begin = self._page_number * self._page_size
        return ProductPage(
            total=len(rows), rows=tuple(rows.values())[begin : begin + self._page_size]
        )

    def take(self, key: str, group: str) -> None:
        """Have the product leave the list."""
        self._old_rows = dict(self.rows)
        self.groups[key] = group
        del self.rows[key]
        for _ in range(self.arriving):
            new = listed(1000 + len(self.rows))
            self.rows[new.key] = new

    def rename(self, key: str, name: str) -> None:
        self.rows[key] = replace(self.rows[key], name=" ".join(name.split()))

    async def open(self, *, is_grouped: bool) -> ProductPage:
        assert not is_grouped
        self._page_number = 0
        return self.shown()

    async def refresh(self, *, is_grouped: bool, silence_s: float = 0.1) -> ProductPage:
        self.silences.append(silence_s)
        page = await self.open(is_grouped=is_grouped)
        self.stale = max(self.stale - 1, 0)
        return page

    async def read(self, *, is_grouped: bool) -> ProductPage:
        return self.shown()

    async def next_page(self, *, is_grouped: bool) -> ProductPage | None:
        if (self._page_number + 1) * self._page_size >= len(self.rows):
            return None
        self._page_number += 1
        return self.shown()

    async def assign_group(self, key: str, group: str) -> None:
        if self.ignored:
            self.ignored -= 1
        else:
            self.take(key, group)

    async def assign_group_by_dialog(self, key: str, group: str) -> None:
        assert any(row.key == key for row in self.shown().rows), "the row is not on this page"
        self.dialogs.append(key)
        if self.ignored_dialogs:
            self.ignored_dialogs -= 1
        else:
            self.take(key, group)


class FakeSite(PercentySite):
    """The real fence around a fake list; counts how often the site was loaded anew."""

    products: FakeList

    def __init__(self, products: FakeList) -> None:
        super().__init__(FakeSession("a@example.com"), SiteSettings())
        self.products = products
        self.loads = 0
        self.drawer: Drawer | None = None

    async def start_over(self) -> None:
        self.loads += 1

    async def open_drawer(self, product: ListedProduct) -> Drawer:
        assert self.drawer is not None
        return self.drawer

    def sign_out(self) -> None:
        self._traffic.signed_out.set()


@dataclass(slots=True, kw_only=True)
class Account1:
    """One account's job: what its attempts share, and what was seen of it."""

    products: FakeList
    quantity: int = 100
    limits: JobSettings = field(default_factory=JobSettings)
    memory: AccountMemory = field(default_factory=AccountMemory)
    should_stop: asyncio.Event = field(default_factory=asyncio.Event)
    told: list[tuple[int, ItemResult]] = field(default_factory=list)
    lines: LogCapture = field(default_factory=LogCapture)
    book: ItemBook = field(init=False)

    def __post_init__(self) -> None:
        self.book = ItemBook(self.quantity, lambda index, item: self.told.append((index, item)))

    def attempt(self) -> StepContext:
        """A new attempt has a site of its own."""
        return StepContext(
            account=Account(id="a@example.com", password="secret"),
            site=FakeSite(self.products),
            log=self._log(),
            book=self.book,
            memory=self.memory,
            should_stop=self.should_stop,
            limits=self.limits,
        )

    def outcomes(self) -> list[str]:
        return [item.outcome.value for item in self.book.items]

    def messages(self, *levels: str) -> list[str]:
        return [line["event"] for line in self.lines.entries if line["log_level"] in levels]

    def _log(self) -> FilteringBoundLogger:
        log: Any = structlog.wrap_logger(
            None,
            processors=[self.lines],
            wrapper_class=structlog.make_filtering_bound_logger("debug"),
        )
        return log.bind()  # type: ignore[no-any-return]


def keys(numbers: Iterable[int]) -> list[str]:
    return [product_key(number) for number in numbers]
