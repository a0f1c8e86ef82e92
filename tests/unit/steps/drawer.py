"""The product drawer without pages: its parts edit a product and write down every edit."""

from dataclasses import dataclass, field
from typing import cast

from percenty_batch.errors import SignedOutError
from percenty_batch.percenty import Drawer, ListedProduct
from tests.unit.steps.fakes import FakeList, FakeSite, listed


@dataclass(slots=True, kw_only=True)
class Product:
    """A product as the site holds it. `taken_names` are those of other products."""

    listed: ListedProduct = field(default_factory=lambda: listed(0))
    name: str = "상품 0 H16Z"
    memo: str = "G11-96|444-5-H16"
    detail: str = "<p>설명</p>"
    images: int = 12
    options: int = 8
    model: str | None = None
    is_deleted: bool = False
    flagged_words: int = 0
    taken_names: frozenset[str] = frozenset()


class Desk:
    """Where products lie open: the list, the products behind it, and all edits in their order.

    The sign-in ends right before the edit `breaks_before`, or right after `breaks_after`, once.
    """

    def __init__(self, *products: Product) -> None:
        self.products = {product.listed.key: product for product in products}
        self.list = FakeList(0)
        self.list.rows = {product.listed.key: product.listed for product in products}
        self.edits: list[str] = []
        self.breaks_before: str | None = None
        self.breaks_after: str | None = None

    def edit(self, edit: str, product: Product, /, **change: object) -> None:
        if edit == self.breaks_before:
            self.breaks_before = None
            raise SignedOutError
        for attribute, value in change.items():
            setattr(product, attribute, value)
        if "name" in change:
            self.list.rename(product.listed.key, product.name)
        self.edits.append(edit)
        if edit == self.breaks_after:
            self.breaks_after = None
            raise SignedOutError


class FakeDrawer:
    """The frame; the drawer's parts are made from it as the real ones are."""

    def __init__(self, desk: Desk, product: Product) -> None:
        self.desk = desk
        self.product = product
        self.is_asking = False
        self._is_open = True

    def edit(self, edit: str, /, **change: object) -> None:
        self.desk.edit(edit, self.product, **change)

    async def save(self) -> None:
        self.edit("save")

    async def close(self) -> bool:
        if self.is_asking:
            return False
        self.edit("close")
        self._is_open = False
        return True

    async def accept_name_refusal(self) -> None:
        self.is_asking = False
        self._is_open = False

    async def is_open(self) -> bool:
        return self._is_open

    async def delete_product(self) -> None:
        self.edit("delete", is_deleted=True)
        self.desk.list.take(self.product.listed.key, "삭제")


class _Part:
    def __init__(self, drawer: FakeDrawer) -> None:
        self.drawer = drawer
        self.product = drawer.product


class FakeMemo(_Part):
    async def open(self) -> str:
        return self.product.memo

    async def write(self, memo: str) -> bool:
        if self.product.memo == memo:
            return False
        self.drawer.edit("memo", memo=memo)
        return True


class FakeDetail(_Part):
    async def open(self) -> None: ...

    async def contains(self, text: str) -> bool:
        return text in self.product.detail

    async def insert_html(self, html: str) -> None:
        self.drawer.edit("detail", detail=self.product.detail + html)

    async def bulk_images(self) -> "FakeImages":
        return FakeImages(self.drawer)


class FakeImages(_Part):
    async def count(self) -> int:
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

    async def drop_flagged_words(self) -> int:
        if dropped := self.product.flagged_words:
            self.drawer.edit("flagged", name=self.product.name.replace("경고 ", ""))
            self.product.flagged_words = 0
        return dropped

    async def write(self, name: str) -> None:
        self.drawer.edit("name", name=name)
        self.drawer.is_asking = name in self.product.taken_names


class DrawerSite(FakeSite):
    """Opens the drawers of the desk's products."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.list)
        self._desk = desk

    async def open_drawer(self, product: ListedProduct) -> Drawer:
        return cast("Drawer", FakeDrawer(self._desk, self._desk.products[product.key]))


PARTS = {
    "MemoDialog": FakeMemo,
    "DetailTab": FakeDetail,
    "OptionsTab": FakeOptions,
    "DisclosureForm": FakeForm,
    "NameTab": FakeName,
}
