"""The tab 상품명 / 카테고리 (percenty-site §7)."""

import re

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.fields import commit, following_input
from percenty_batch.percenty.drawer.frame import NAME, Drawer

LONGEST_NAME = 50
_MOST_WARNINGS = 30
_FIELD = following_input("국내 마켓 노출 상품명")
_SHOWS = r"""([xpath, name]) => {
    const found = document.evaluate(xpath, document.body, null, 7, null);
    return Array.from({ length: found.snapshotLength }, (_, i) => found.snapshotItem(i)).some(
        field => field.getClientRects().length
            && field.value.replace(/\s+/g, ' ').trim() === name);
}"""


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
            await self._drawer.screen.idle(1.0)
        return await field.input_value()

    async def expect(self, name: str) -> None:
        """Wait until the drawer shows the product of this name (white space folded).

        A drawer that was used before shows its last product until the new one has arrived.
        """
        await self._drawer.open_tab(NAME)
        try:
            await self._drawer.page.wait_for_function(_SHOWS, arg=[_FIELD, name])
        except PlaywrightTimeoutError as error:
            shown = await self._field().input_value()
            raise ItemError(
                FailureKind.PAGE_CHANGED,
                f"열린 상품이 목록의 상품과 다릅니다: {shown!r} ≠ {name!r}",
            ) from error

    async def drop_flagged_words(self) -> int:
        """Click every 삭제하기 beside a warning of forbidden or doubled words; returns how many."""
        for dropped in range(_MOST_WARNINGS):
            await self._drawer.screen.idle(0.3)
            if not await self._drawer.user.click_passing(self._removals().first):
                return dropped
            await self._drawer.saved()
        raise ItemError(FailureKind.PAGE_CHANGED, "상품명 경고 단어가 사라지지 않습니다")

    async def write(self, name: str) -> None:
        """Have the name be `name`; raises ItemError when the field cuts it.

        Whether the site takes it shows at the closing: it may ask for another name.
        """
        if len(name) > LONGEST_NAME:
            raise ItemError(FailureKind.DATA, f"상품명이 {LONGEST_NAME}자를 넘습니다: {name}")
        field = self._field()
        await commit(self._drawer.user, field, name)
        if (shown := await field.input_value()) != name:
            raise ItemError(FailureKind.DATA, f"입력한 값이 그대로 남지 않았습니다: {shown!r}")
        await self._drawer.screen.saved()

    def _field(self) -> Locator:
        return self._drawer.body.locator(f"xpath={_FIELD}").filter(visible=True).first

    def _removals(self) -> Locator:
        """The links of the warnings' own lines: the nearest surrounding that holds one."""
        warnings = self._drawer.body.get_by_text(re.compile("(경고|중복) 단어 포함"))
        lines = warnings.filter(visible=True).locator(
            "xpath=ancestor-or-self::*[.//button[normalize-space()='삭제하기']][1]"
        )
        return lines.get_by_role("button", name="삭제하기", exact=True)
