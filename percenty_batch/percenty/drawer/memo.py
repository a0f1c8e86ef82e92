"""The dialog 상품 메모 behind the drawer's float button (percenty-site §7)."""

import re

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.frame import Drawer

_LONGEST = 1000


class MemoDialog:
    """Reads and writes a product's memo."""

    def __init__(self, drawer: Drawer) -> None:
        page = drawer.page
        self._drawer = drawer
        self._button = page.locator("button.ant-float-btn, a.ant-float-btn").filter(
            has=page.locator('.anticon-file-text, [aria-label="file-text"]')
        )
        self._text = page.get_by_placeholder("상품에 대한 메모를 작성해주세요")
        self._dialog = page.get_by_role("dialog").filter(has=self._text)
        self._expose = self._dialog.locator("label").filter(
            has_text=re.compile("상품 목록에 메모 내용 노출하기")
        )

    async def open(self) -> str:
        """Open the dialog and return the memo as it stands.

        An empty memo is believed only after a silence of the site: the text arrives later than
        the dialog, and writing over a memo that has not arrived yet would lose it.
        """
        # By keyboard: the chat widget may lie over the button.
        await self._button.filter(visible=True).first.press("Enter")
        await self._text.wait_for()
        if not await self._text.input_value():
            await self._drawer.traffic.idle(1.0, self._drawer.timeout_s)
        return await self._text.input_value()

    async def write(self, memo: str) -> bool:
        """Have the memo be `memo` and be shown in the list. False when both already were so."""
        if len(memo) > _LONGEST:
            raise ItemError(FailureKind.DATA, f"메모가 {_LONGEST}자를 넘습니다")
        has_text = await self._text.input_value() == memo
        box = self._expose.get_by_role("checkbox")
        is_shown = await box.is_checked()
        if has_text and is_shown:
            await self._dialog.get_by_role("button", name="취소", exact=True).click()
            await self._dialog.wait_for(state="hidden")
            return False
        if not has_text:
            await self._text.fill(memo)
        if not is_shown:
            await self._expose.click()
        await self._expose.get_by_role("checkbox", checked=True).wait_for()
        await self._dialog.get_by_role("button", name=re.compile("저장 후 닫기")).click()
        await self._drawer.saved()
        await self._dialog.wait_for(state="hidden")
        return True
