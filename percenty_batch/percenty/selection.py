"""Selecting products of a list, and what the toolbar does with them (percenty-site §5, §6)."""

import re
from collections.abc import Sequence
from contextlib import suppress

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.group_dialog import GroupDialog
from percenty_batch.percenty.product_rows import ProductPage, ProductRows
from percenty_batch.percenty.screen import Screen

_BOX = "td.ant-table-selection-column label, td.ant-table-selection-column .ant-checkbox"
_MOMENT_MS = 3000
_MOST_CLICKS = 2
_SILENCES_S = (0.1, 0.5)  # an answer that clears the selection is drawn a little later


class Selection:
    """What is selected in the list, as its header tells it: `선택 N개 상품`."""

    def __init__(self, screen: Screen, rows: ProductRows) -> None:
        self._screen = screen
        self._page = screen.page
        self._user = screen.user
        self._rows = rows

    @property
    def _all(self) -> Locator:
        return self._page.get_by_role("checkbox", name="Select all")

    async def all_of(self, page: ProductPage) -> None:
        """Select every row of the page that is shown."""
        for _ in range(_MOST_CLICKS):
            if await self._is_exactly(page.keys):
                return
            await self._click_all()
            await self._count_shows(len(page.keys))
        if not await self._is_exactly(page.keys):
            await self.only(page.keys)

    async def these(self, page: ProductPage, keys: Sequence[str]) -> None:
        """Select these rows of the page that is shown: by one click where that is all of them."""
        if set(keys) == set(page.keys):
            await self.all_of(page)
        else:
            await self.only(keys)

    async def only(self, keys: Sequence[str]) -> None:
        """Select these rows of the page that is shown, and no other."""
        _, selected = await self._rows.selected()
        for key in selected - set(keys):
            await self._deselect(key)
        for key in keys:
            if key not in selected:
                await self._user.click(self._rows.row(key).locator(_BOX).first)
        await self._count_shows(len(keys))
        if not await self._is_exactly(keys):
            count, seen = await self._rows.selected()
            raise WorkError(
                FailureKind.PAGE_CHANGED,
                f"상품 {len(keys)}개 선택이 되지 않았습니다 (화면 {count}개, 행 {len(seen)}개)",
            )

    async def release(self) -> bool:
        """Have nothing selected; false when rows that are out of sight stay selected."""
        count, selected = await self._rows.selected()
        if selected and await self._all.first.is_checked():
            await self._click_all()
        else:
            for key in selected:
                await self._deselect(key)
        if count:
            await self._count_shows(0)
        return await self._rows.selected() == (0, frozenset())

    async def lasts(self) -> bool:
        """Tell whether the header still says that products are selected when the site is silent."""
        for silence_s in _SILENCES_S:
            await self._screen.idle(silence_s)
            if not (await self._rows.selected())[0]:
                return False
        return True

    async def move_to(self, group: str) -> str:
        """Move what is selected by the dialog 그룹 지정; returns the site's own label.

        Says nothing about whether the site took it.
        """
        _, selected = await self._rows.selected()
        self._rows.assigned(selected, group)
        await self.use("그룹 지정")
        label = await GroupDialog(self._screen).assign(group)
        await self._screen.saved()
        return label

    async def use(self, text: str) -> None:
        """Press a button of the toolbar."""
        # An icon's label is a part of the button's name, so that the text alone is compared.
        button = self._page.locator("button:not([role=dialog] *)").filter(
            has_text=re.compile(rf"^\s*{text}\s*$")
        )
        await self._user.click(button.filter(visible=True).first)

    async def _deselect(self, key: str) -> None:
        """Click a row's box; one that leaves with a list that is still arriving needs it not."""
        await self._user.click_passing(self._rows.row(key).locator(_BOX).first)

    async def _click_all(self) -> None:
        # The box itself lies below its label, so that it takes no click [H].
        await self._user.click(self._page.locator("label").filter(has=self._all).first)

    async def _count_shows(self, count: int) -> None:
        text = (
            re.compile(rf"선택\s*{count:,}\s*개\s*상품")
            if count
            else re.compile(r"총\s*[\d,]+\s*개")
        )
        with suppress(PlaywrightTimeoutError):
            await self._page.get_by_text(text).first.wait_for(timeout=_MOMENT_MS)

    async def _is_exactly(self, keys: Sequence[str]) -> bool:
        return await self._rows.selected() == (len(keys), frozenset(keys))
