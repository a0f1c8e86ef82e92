"""Lists of products that steps take their products from: one view of one page each."""

from dataclasses import replace
from typing import Protocol

from percenty_batch.percenty import Drawer, ListedProduct, ListFilter, PercentySite, ProductPage


class ProductSource(Protocol):
    """One list of products; a product is addressed by its row key. `name` is Korean, for logs.

    Whatever reads the list begins at its first page, `next_page` excepted.
    """

    @property
    def name(self) -> str: ...

    async def open(self) -> ProductPage:
        """Open the list from wherever the site stands."""

    async def show(self) -> ProductPage:
        """Bring the list's page into this view again, and read it."""

    async def refresh(self, *, silence_s: float = 0.1) -> ProductPage:
        """Have the site read its list anew; first it may be silent for so long."""

    async def next_page(self) -> ProductPage | None:
        """Turn the page; None when this is the last one."""

    async def open_drawer(self, product: ListedProduct) -> Drawer:
        """Open the product's drawer, from the page of the list that shows it."""

    async def assign_group(self, key: str, group: str) -> str:
        """Choose the group in the product's row; returns the site's own label of it."""

    async def assign_group_by_dialog(self, key: str, group: str) -> str:
        """The same through the row's checkbox and the dialog 그룹 지정."""

    def of_group(self, group: str) -> "ProductSource":
        """Give the list of a group's products, newest first, on the same page of the site."""


class _OfGroupProducts:
    """What both views of 그룹 상품 관리 have in common."""

    def __init__(self, site: PercentySite) -> None:
        self._site = site

    async def open_drawer(self, product: ListedProduct) -> Drawer:
        return await self._site.open_drawer(product)

    async def assign_group(self, key: str, group: str) -> str:
        return await self._site.products.assign_group(key, group)

    async def assign_group_by_dialog(self, key: str, group: str) -> str:
        return await self._site.products.assign_group_by_dialog(key, group)

    def of_group(self, group: str) -> ProductSource:
        return Grouped(self._site, group)


class Ungrouped(_OfGroupProducts):
    """The products of no group, on 그룹 상품 관리."""

    name = "비그룹상품"

    async def open(self) -> ProductPage:
        return await self._site.products.open(is_grouped=False)

    async def show(self) -> ProductPage:
        return await self._site.products.show(is_grouped=False)

    async def refresh(self, *, silence_s: float = 0.1) -> ProductPage:
        return await self._site.products.refresh(is_grouped=False, silence_s=silence_s)

    async def next_page(self) -> ProductPage | None:
        return await self._site.products.next_page(is_grouped=False)


class Grouped(_OfGroupProducts):
    """The products of one group, on 그룹 상품 관리."""

    def __init__(self, site: PercentySite, group: str) -> None:
        super().__init__(site)
        self.name = group

    async def open(self) -> ProductPage:
        await self._site.products.open(is_grouped=True)
        return await self.show()

    async def show(self) -> ProductPage:
        return await self._site.products.show_group(self.name)

    async def refresh(self, *, silence_s: float = 0.1) -> ProductPage:
        return await self._site.products.refresh_group(self.name, silence_s=silence_s)

    async def next_page(self) -> ProductPage | None:
        return await self._site.products.next_page(is_grouped=True)


class Searched:
    """The products of a group whose names hold a code, on 등록 상품 관리. `name` is told in logs.

    The site may find others by the same search: they are counted by the list, and are no rows.
    """

    def __init__(self, site: PercentySite, name: str, *, group: str, code: str) -> None:
        self.name = name
        self._site = site
        self._code = code
        self._filter = ListFilter(group=group, keyword=code)

    async def open(self) -> ProductPage:
        await self._site.managed.open()
        return await self.show()

    async def show(self) -> ProductPage:
        return self._own(await self._site.managed.show(self._filter))

    async def refresh(self, *, silence_s: float = 0.1) -> ProductPage:
        if self._site.managed.shown != self._filter:
            return await self.show()
        return self._own(await self._site.managed.refresh(silence_s=silence_s))

    async def next_page(self) -> ProductPage | None:
        page = await self._site.managed.next_page()
        return None if page is None else self._own(page)

    async def open_drawer(self, product: ListedProduct) -> Drawer:
        return await self._site.open_drawer_from(self._site.managed, product)

    async def assign_group(self, key: str, group: str) -> str:
        return await self._site.managed.assign_group(key, group)

    async def assign_group_by_dialog(self, key: str, group: str) -> str:
        await self._site.managed.selection.only([key])
        return await self._site.managed.selection.move_to(group)

    def of_group(self, group: str) -> ProductSource:
        return Searched(self._site, group, group=group, code=self._code)

    def _own(self, page: ProductPage) -> ProductPage:
        code = self._code.casefold()
        rows = tuple(row for row in page.rows if code in row.name.casefold())
        return replace(page, rows=rows)
