"""신규 상품 등록 and 등록 상품 관리: two lists that differ in their filters (percenty-site §5)."""

import re
from dataclasses import dataclass

from percenty_batch.percenty.delete_dialog import DeleteDialog
from percenty_batch.percenty.product_filter import ListFilter, ProductFilter
from percenty_batch.percenty.product_rows import ListedProduct, ProductPage, ProductRows
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.selection import Selection
from percenty_batch.percenty.shell import open_menu
from percenty_batch.percenty.translation import TranslationDialog
from percenty_batch.percenty.upload_dialog import UploadDialog


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind:
    """A list's place in the menu, and the heading that shows that its page is there."""

    menu_key: str
    heading: str


COLLECTED = ListKind(menu_key="PRODUCT_REGISTER", heading="수집 상품 목록")
MANAGED = ListKind(menu_key="PRODUCT_MANAGE", heading="등록 상품 목록")


class ProductList:
    """One of the two lists; every product is addressed by its row key."""

    def __init__(self, screen: Screen, kind: ListKind) -> None:
        self._screen = screen
        self._page = screen.page
        self._user = screen.user
        self._kind = kind
        self._rows = ProductRows(screen)
        self._filter = ProductFilter(screen)
        self._shown = ListFilter()
        self.selection = Selection(screen, self._rows)
        self.translation = TranslationDialog(screen, self.selection)

    @property
    def upload_dialog(self) -> UploadDialog:
        return UploadDialog(self._screen)

    @property
    def delete_dialog(self) -> DeleteDialog:
        return DeleteDialog(self._screen)

    @property
    def shown(self) -> ListFilter:
        """What the list was last asked to show."""
        return self._shown

    async def open(self) -> None:
        """Open the page by its menu; which filters it comes up with is not known."""
        self._rows.asked_anew()
        await open_menu(self._screen, self._kind.menu_key)
        heading = re.compile(rf"^\s*{self._kind.heading}\s*$")
        await self._page.get_by_text(heading).filter(visible=True).first.wait_for()

    async def show(self, wanted: ListFilter) -> ProductPage:
        """Filter the list and read its first page."""
        if not await self.selection.release():
            await self._reopen()
        self._rows.asked_anew()
        await self._filter.apply(wanted)
        self._shown = wanted
        await self._rows.first_page()
        return await self._read()

    async def refresh(self, *, silence_s: float = 0.1) -> ProductPage:
        """Have the site read its list again from its first page, filters kept, nothing selected."""
        await self._rows.first_page()  # the one that is open may be no more
        if not await self._ask():
            return await self._anew()
        await self._screen.idle(silence_s)
        if not await self.selection.release():
            return await self._anew()
        return await self._read()

    async def next_page(self) -> ProductPage | None:
        """Turn the page; None when this is the last one."""
        return await self._rows.next_page(self._shown.group)

    async def open_product(self, product: ListedProduct) -> None:
        """Click the product's name, which opens its drawer."""
        await self._rows.open_product(product)

    async def assign_group(self, key: str, group: str) -> str:
        """Choose the group in the row's own select; returns the site's own label of it."""
        return await self._rows.assign_group(key, group)

    async def _ask(self) -> bool:
        """Press 새로고침 or 상품 검색; false on a page that has neither."""
        self._rows.asked_anew()
        button = self._page.locator("button:not([role=dialog] *)").filter(
            has_text=re.compile(r"^\s*새로고침\s*$")
        )
        if not await button.count():
            return await self._filter.search()
        await self._user.click(button.first)
        return True

    async def _anew(self) -> ProductPage:
        """Leave the page and come back: what was selected out of sight is forgotten."""
        await self._reopen()
        return await self.show(self._shown)

    async def _reopen(self) -> None:
        await open_menu(self._screen, "HOME")
        await self.open()

    async def _read(self) -> ProductPage:
        shown = self._shown
        return await self._rows.read(shown.group, keyword=shown.keyword, ask_again=self._ask)
