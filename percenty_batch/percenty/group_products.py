"""그룹 상품 관리: the list of products with its view switch (percenty-site §5)."""

from percenty_batch.percenty.groups import UNGROUPED, group_pattern
from percenty_batch.percenty.product_rows import ListedProduct, ProductPage, ProductRows
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.selection import Selection
from percenty_batch.percenty.shell import open_menu

MENU_KEY = "PRODUCT_GROUP"
_QUIET_S = 0.1


class GroupProducts:
    """The list of 그룹 상품 관리; every product is addressed by its row key."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._page = screen.page
        self._user = screen.user
        self._rows = ProductRows(screen)
        self.selection = Selection(screen, self._rows)

    async def open(self, *, is_grouped: bool) -> ProductPage:
        """Open the page by its menu and bring the list into the wanted view."""
        await self._enter()
        return await self.show(is_grouped=is_grouped)

    async def show(self, *, is_grouped: bool) -> ProductPage:
        """Bring the list into the view, whichever it is in, and read it."""
        await self._switch_to(is_grouped=is_grouped)
        return await self.read(is_grouped=is_grouped)

    async def refresh(self, *, is_grouped: bool, silence_s: float = 0.1) -> ProductPage:
        """Have the site read its list again: the page has no other way than the view switch."""
        await self._switch_to(is_grouped=not is_grouped)
        await self._screen.idle(silence_s)
        return await self.show(is_grouped=is_grouped)

    async def refresh_group(self, group: str, *, silence_s: float = 0.1) -> ProductPage:
        """The same for the products of one group."""
        await self._switch_to(is_grouped=False)
        await self._screen.idle(silence_s)
        return await self.show_group(group)

    async def read(self, *, is_grouped: bool, group: str | None = None) -> ProductPage:
        """Read the list once count, rows and view agree, with nothing selected.

        What stays selected out of sight is forgotten when the page is left.
        """

        async def view() -> None:
            await (self._choose(group) if group else self._switch_to(is_grouped=is_grouped))

        async def ask_again() -> bool:
            await self._switch_to(is_grouped=not is_grouped)
            await view()
            return True

        if await self.selection.lasts():
            await open_menu(self._screen, "HOME")
            await self._enter()
            await view()
        await self._rows.first_page()
        return await self._rows.read(group if is_grouped else UNGROUPED, ask_again=ask_again)

    async def next_page(self, *, is_grouped: bool) -> ProductPage | None:
        """Turn the page; None when this is the last one."""
        return await self._rows.next_page(None if is_grouped else UNGROUPED)

    async def show_group(self, group: str) -> ProductPage:
        """Show the products of one group, by the radio list 그룹 검색."""
        await self._choose(group)
        return await self.read(is_grouped=True, group=group)

    async def pass_by(self, group: str) -> None:
        """Choose a group without reading it, so that the site reads the next one anew."""
        calls_begun = self._screen.traffic.calls_begun
        await self._choose(group)
        await self._screen.settled(calls_begun)

    async def open_product(self, product: ListedProduct) -> None:
        """Click the product's name, which opens its drawer."""
        await self._rows.open_product(product)

    async def assign_group(self, key: str, group: str) -> str:
        """Choose the group in the row's own select; returns the site's own label of it."""
        return await self._rows.assign_group(key, group)

    async def assign_group_by_dialog(self, key: str, group: str) -> str:
        """The same through the row's checkbox and the dialog 그룹 지정."""
        await self.selection.only([key])
        return await self.selection.move_to(group)

    async def _enter(self) -> None:
        self._rows.asked_anew()
        await open_menu(self._screen, MENU_KEY)
        await self._page.get_by_role("button", name="그룹 관리하기").wait_for()

    async def _choose(self, group: str) -> None:
        await self._switch_to(is_grouped=True)
        radio = self._page.locator("label.ant-radio-wrapper:not([role=dialog] *)").filter(
            has_text=group_pattern(group)
        )
        await self._screen.idle(_QUIET_S)
        self._rows.asked_anew()
        await self._user.click(radio.first)

    async def _switch_to(self, *, is_grouped: bool) -> None:
        # The only switch of the page; whether its label is inside it or beside it is not known.
        switch = self._page.locator('[role="switch"]:not([role="dialog"] *)').filter(visible=True)
        wanted = "true" if is_grouped else "false"
        self._rows.asked_anew()
        if await switch.get_attribute("aria-checked") != wanted:
            await self._screen.idle(_QUIET_S)  # two answers may come in the wrong order
            await self._user.click(switch)
            await switch.and_(self._page.locator(f'[aria-checked="{wanted}"]')).wait_for()
