"""신규 상품 등록 and 등록 상품 관리 without pages: products in groups, a toolbar, a translation."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty import (
    ListedProduct,
    ListFilter,
    ProductList,
    ProductPage,
    Told,
    TranslationOffer,
)
from percenty_batch.percenty.translation_signs import State
from tests.unit.jobs.builders import product_key
from tests.unit.steps.fakes import FakeList, FakeSite

CRASH = WorkError(FailureKind.BROWSER_CRASHED, "브라우저가 종료되었습니다")
_TRANSLATION_S = 20.0


def product(number: int, group: str, *, name: str = "女士外套") -> ListedProduct:
    key = product_key(number)
    return ListedProduct(key=key, name=f"{name} {number} H16Z1", name_position=0, group=group)


@dataclass(slots=True)
class Shop:
    """What the site holds, over all attempts. `dies_at` names the moment of the next `error`."""

    products: list[ListedProduct]
    quota: int = 300
    dies_at: str | None = None
    error: WorkError = CRASH
    is_silent: bool = False
    starts: list[list[str]] = field(default_factory=list)
    moves: list[tuple[str, str]] = field(default_factory=list)
    ends_at: float = 0.0

    def moment(self, name: str) -> None:
        if self.dies_at == name:
            self.dies_at = None
            raise self.error

    def settle(self) -> None:
        """Have what was translated long enough ago be Korean."""
        if self.starts and asyncio.get_running_loop().time() >= self.ends_at:
            done = set() if self.is_silent else {key for start in self.starts for key in start}
            self.products = [
                replace(each, name=each.name.replace("女士外套", "여성 외투"))
                if each.key in done
                else each
                for each in self.products
            ]

    def open_site(self, products: FakeList) -> FakeSite:
        site = FakeSite(products)
        site.collected = site.managed = cast("ProductList", FakeProductList(self))
        return site


class FakeProductList:
    """One attempt's page: its filter, its page number, what is selected."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._shown = ListFilter()
        self._number = 0
        self.chosen: list[str] = []
        self.selection = self
        self.translation = FakeTranslation(shop, self)

    async def open(self) -> None: ...

    async def show(self, wanted: ListFilter) -> ProductPage:
        self._shown, self._number = wanted, 0
        return self._page()

    async def refresh(self, *, silence_s: float = 0.1) -> ProductPage:
        await asyncio.sleep(silence_s)
        return self._page()

    async def next_page(self) -> ProductPage | None:
        self._number += 1
        return self._page() if self._page().rows else None

    async def these(self, page: ProductPage, keys: Sequence[str]) -> None:
        assert set(keys) <= set(page.keys)
        self.chosen = list(keys)

    async def move_to(self, group: str) -> str:
        self._shop.moment("before move")
        for key in self.chosen:
            self._shop.moves.append((key, group))
        self._shop.products = [
            replace(each, group=group) if each.key in self.chosen else each
            for each in self._shop.products
        ]
        self._shop.moment("after move")
        return group

    def _page(self) -> ProductPage:
        self._shop.settle()
        found = [
            each
            for each in self._shop.products
            if each.group == self._shown.group and self._shown.keyword in each.name
        ]
        begin = self._number * self._shown.page_size
        rows = tuple(found[begin : begin + self._shown.page_size])
        return ProductPage(total=len(found), rows=rows)


class FakeTranslation:
    """The dialog closes at its start and says nothing: only the names tell."""

    def __init__(self, shop: Shop, page: FakeProductList) -> None:
        self._shop = shop
        self._page = page

    async def open(self, count: int) -> TranslationOffer:
        assert count == len(self._page.chosen)
        return TranslationOffer(remaining=self._shop.quota, selected=count)

    async def start(self) -> None:
        self._shop.moment("before start")
        self._shop.quota -= len(self._page.chosen)
        assert self._shop.quota >= 0
        self._shop.starts.append(self._page.chosen)
        self._shop.ends_at = asyncio.get_running_loop().time() + _TRANSLATION_S
        self._shop.moment("after start")

    async def close(self) -> None: ...

    async def told(self) -> Told:
        self._shop.moment("while it runs")
        return Told(state=State.UNTOLD)

    async def is_open(self) -> bool:
        return False

    async def changed(self, within_s: float) -> bool:
        await asyncio.sleep(within_s)
        return False
