"""The tab 상품명 / 카테고리 (percenty-site §7)."""

import re

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.frame import NAME, Drawer, commit, following_input

LONGEST_NAME = 50
_MOST_WARNINGS = 30


class NameTab:
    """Reads and writes the product's name."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer

    async def open(self) -> str:
        """Open the tab and return the name."""
        await self._drawer.open_tab(NAME)
        field = self._field()
        await field.wait_for()
        if not await field.input_value():
            await self._drawer.traffic.idle(1.0, self._drawer.timeout_s)
        return await field.input_value()

    async def drop_flagged_words(self) -> int:
        """Click every 삭제하기 beside a warning of forbidden or doubled words; returns how many."""
        buttons = self._drawer.body.get_by_role("button", name="삭제하기", exact=True)
        for dropped in range(_MOST_WARNINGS):
            if not await self._warnings().count() or not await buttons.count():
                return dropped
            before = await self._field().input_value()
            await buttons.first.click()
            await self._drawer.saved()
            await self._changed_from(before)
        raise ItemError(FailureKind.PAGE_CHANGED, "상품명 경고 단어가 사라지지 않습니다")

    async def write(self, name: str) -> None:
        """Have the name be `name`; raises ItemError when the site cuts or refuses it."""
        if len(name) > LONGEST_NAME:
            raise ItemError(FailureKind.DATA, f"상품명이 {LONGEST_NAME}자를 넘습니다: {name}")
        await commit(self._field(), name)
        await self._drawer.saved()

    def _field(self) -> Locator:
        return self._drawer.body.locator(f"xpath={following_input('국내 마켓 노출 상품명')}").first

    def _warnings(self) -> Locator:
        return self._drawer.body.get_by_text(re.compile("(경고|중복) 단어 포함")).filter(
            visible=True
        )

    async def _changed_from(self, before: str) -> None:
        field = await self._field().element_handle()
        await self._drawer.page.wait_for_function(
            "([field, before]) => field.value !== before", arg=[field, before]
        )
