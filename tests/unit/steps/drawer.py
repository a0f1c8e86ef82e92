"""The product drawer without pages: its parts edit a product and write down every edit."""

from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from percenty_batch.errors import FailureKind, ItemError, SignedOutError
from percenty_batch.percenty import Drawer, ListedProduct
from percenty_batch.percenty.traffic import Traffic
from percenty_batch.settings import JobSettings
from percenty_batch.steps.actions import (
    acting,
    deletion,
    detail,
    disclosure,
    images,
    memo,
    names,
    options,
)
from tests.unit.jobs.deaths import Life
from tests.unit.steps.fakes import Account1, FakeList, FakeSite, listed

MEMO = "G11-96|444-5-H16"


@dataclass(slots=True, kw_only=True)
class Product:
    """A product as the site holds it. `taken_names` are those of other products.

    `late_images` counts the coming counts of its images that show none, for they come late;
    with `is_editor_silent`, its editor does not tell what the detail page holds, and with
    `is_saved_at_close` the detail page is saved when its drawer is closed.
    """

    listed: ListedProduct = field(default_factory=lambda: listed(0))
    name: str = "상품 0 H16Z"
    memo: str = MEMO
    detail: str = "<p>설명</p>"
    images: int = 12
    options: int = 8
    model: str | None = None
    is_deleted: bool = False
    late_images: int = 0
    is_editor_silent: bool = False
    is_saved_at_close: bool = False
    flagged_words: int = 0
    taken_names: frozenset[str] = frozenset()


class Desk:
    """Where products lie open: the list, the products behind it, and all edits in their order.

    The sign-in ends right before the edit `breaks_before`, or right after `breaks_after`, once.
    `counts` are the counts of images: how often the page had been loaded, and the patience for
    a zero; `others` the memos of other products that the memo dialog was warned of.
    """

    def __init__(self, *products: Product) -> None:
        self.products = {product.listed.key: product for product in products}
        self.list = FakeList(0)
        self.list.rows = {product.listed.key: product.listed for product in products}
        self.edits: list[str] = []
        self.counts: list[tuple[int, float]] = []
        self.others: list[str | None] = []
        self.life = Life()
        self.stays_open = False  # the drawer, after its question for another name
        self.breaks_before: str | None = None
        self.breaks_after: str | None = None

    def live(self, life: Life) -> None:
        """Have the coming changes made by a process that may die at any of them."""
        self.life = self.list.life = life

    def edit(self, edit: str, product: Product, /, **change: object) -> None:
        self.life.moment()
        if edit == self.breaks_before:
            self.breaks_before = None
            raise SignedOutError
        for attribute, value in change.items():
            setattr(product, attribute, value)
        if "name" in change:
            self.list.rename(product.listed.key, product.name)
        if "is_deleted" in change:
            self.list.take(product.listed.key, "삭제")
        self.edits.append(edit)
        if edit == self.breaks_after:
            self.breaks_after = None
            raise SignedOutError
        self.life.moment()


class FakeDrawer:
    """The frame; the drawer's parts are made from it as the real ones are.

    A name that is taken is refused as the site does it: by a question and by a 4xx.
    """

    def __init__(self, desk: Desk, product: Product, *, loads: int) -> None:
        self.desk = desk
        self.product = product
        self.loads = loads
        self.traffic = Traffic("percenty.co.kr")
        self.traffic.is_signed_in = True
        self.is_asking = False
        self._is_open = True
        self.unsaved: dict[str, object] = {}

    def edit(self, edit: str, /, **change: object) -> None:
        self.desk.edit(edit, self.product, **change)
        self.traffic.changes_taken += bool(change)

    def refuse_name(self) -> None:
        url = "https://api.percenty.co.kr/products"
        self.traffic.started(self, method="PUT", url=url, kind="fetch")
        self.traffic.answered(self, method="PUT", url=url, status=409)
        self.traffic.ended(self)
        self.is_asking = True

    async def save(self) -> None:
        self.edit("save")

    async def close(self) -> bool:
        if self.is_asking:
            return False
        if refused := self.traffic.failed_since(0):
            raise ItemError(FailureKind.SITE_ERROR, f"사이트 오류: {refused[0]}")
        self.edit("close", **self.unsaved)
        self._is_open = False
        return True

    async def accept_name_refusal(self, mark: int) -> None:
        self.traffic.excuse(mark)
        self.is_asking = False
        self._is_open = self.desk.stays_open

    async def is_open(self) -> bool:
        return self._is_open

    async def delete_product(self) -> None:
        self.edit("delete", is_deleted=True)


class _Part:
    def __init__(self, drawer: FakeDrawer) -> None:
        self.drawer = drawer
        self.product = drawer.product


class FakeMemo(_Part):
    async def open(self, *, other: str | None = None) -> str:
        self.drawer.desk.others.append(other)
        return self.product.memo

    async def write(self, memo: str) -> None:
        if self.product.memo != memo:
            self.drawer.edit("memo", memo=memo)


class FakeDetail(_Part):
    async def open(self) -> None: ...

    async def contains(self, text: str) -> bool | None:
        return None if self.product.is_editor_silent else text in self.product.detail

    async def shows(self, text: str) -> bool:
        return text in self.product.detail

    async def insert_html(self, html: str) -> None:
        change = {"detail": self.product.detail + html}
        if self.product.is_saved_at_close:
            self.drawer.unsaved |= change
            change = {}
        self.drawer.edit("detail", **change)

    async def bulk_images(self) -> "FakeImages":
        return FakeImages(self.drawer)


class FakeImages(_Part):
    async def count(self, *, zero_after_s: float = 1.0) -> int:
        self.drawer.desk.counts.append((self.drawer.loads, zero_after_s))
        if self.product.late_images:
            self.product.late_images -= 1
            return 0
        return self.product.images

    async def delete_last(self, count: int) -> None:
        assert count == self.product.images
        self.drawer.edit("image", images=count - 1)

    async def close(self) -> None: ...


class FakeOptions(_Part):
    async def count(self) -> int:
        return self.product.options


class FakeForm(_Part):
    async def open(self) -> None: ...

    async def write(self, label: str, text: str) -> bool:
        assert label == "모델명"
        self.drawer.edit("model", model=text)
        return True


class FakeName(_Part):
    async def open(self) -> str:
        return self.product.name

    async def expect(self, name: str) -> None:
        if " ".join(self.product.name.split()) != name:
            raise ItemError(FailureKind.PAGE_CHANGED, "열린 상품이 목록의 상품과 다릅니다")

    async def drop_flagged_words(self) -> int:
        if dropped := self.product.flagged_words:
            name = self.product.name.replace("경고 ", "")
            self.drawer.edit("flagged", name=name, flagged_words=0)
        return dropped

    async def write(self, name: str) -> None:
        if name in self.product.taken_names:
            self.drawer.edit("name")
            self.drawer.refuse_name()
        else:
            self.drawer.edit("name", name=name)


class DrawerSite(FakeSite):
    """Opens the drawers of the desk's products."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.list)
        self._desk = desk

    async def open_drawer(self, product: ListedProduct) -> Drawer:
        opened = self._desk.products[product.key]
        return cast("Drawer", FakeDrawer(self._desk, opened, loads=self.loads))


PARTS = {
    "MemoDialog": FakeMemo,
    "DetailTab": FakeDetail,
    "OptionsTab": FakeOptions,
    "DisclosureForm": FakeForm,
    "NameTab": FakeName,
}


def use_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every action work on the desk's drawer."""
    for module in (acting, deletion, detail, disclosure, images, memo, names, options):
        for name, part in PARTS.items():
            if hasattr(module, name):
                monkeypatch.setattr(module, name, part)


def numbered(number: int, **values: object) -> Product:
    row = listed(number)
    return replace(Product(listed=row, name=row.name), **values)  # type: ignore[arg-type]


def account(desk: Desk, *, quantity: int = 100) -> Account1:
    """The job of the account whose products lie on the desk."""
    return Account1(
        products=desk.list,
        open_site=lambda _: DrawerSite(desk),
        quantity=quantity,
        limits=JobSettings(max_consecutive_failures=99),
    )
