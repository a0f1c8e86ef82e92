"""The dialog 상품 메모 behind the drawer's float button (percenty-site §7)."""

import re

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.frame import Drawer

_LONGEST = 1000
_SILENCES_S = (0.1, 0.5, 1.0, 2.0)


class MemoDialog:
    """Reads and writes a product's memo."""

    def __init__(self, drawer: Drawer) -> None:
        page = drawer.page
        self._drawer = drawer
        self._user = drawer.user
        self._button = page.locator("button.ant-float-btn, a.ant-float-btn").filter(
            has=page.locator('.anticon-file-text, [aria-label="file-text"]')
        )
        self._strip = drawer.body.locator("span.memoContent").filter(visible=True)
        self._text = page.get_by_placeholder("상품에 대한 메모를 작성해주세요").filter(visible=True)
        self._dialog = page.get_by_role("dialog").filter(has=self._text)
        self._expose = self._dialog.locator("label").filter(
            has_text=re.compile("상품 목록에 메모 내용 노출하기")
        )

    async def open(self, *, other: str | None = None) -> str:
        """Open the dialog and return the memo once it is this product's.

        The dialog may show nothing, or the text of the product before (`other`), until the text
        arrives; writing then would lose or mix memos. The drawer's own memo strip, where there
        is one, is the witness; without one, an empty or repeated text is waited for.
        Raises ItemError when it stays doubtful.
        """
        # By keyboard: the chat widget may lie over the button.
        await self._user.press(self._button.filter(visible=True).first, "Enter")
        await self._text.wait_for()
        for silence_s in _SILENCES_S:
            await self._drawer.screen.idle(silence_s)
            memo = await self._text.input_value()
            if await self._is_witnessed(memo, other):
                return memo
        if memo or await self._witness():
            raise ItemError(FailureKind.PAGE_CHANGED, "메모가 이 상품의 것인지 확인할 수 없습니다")
        return ""

    async def write(self, memo: str) -> None:
        """Have the memo be `memo` and be shown in the list."""
        if len(memo) > _LONGEST:
            raise ItemError(FailureKind.DATA, f"메모가 {_LONGEST}자를 넘습니다")
        has_text = await self._text.input_value() == memo
        if has_text and await self._expose.get_by_role("checkbox").is_checked():
            await self._user.click(self._dialog.get_by_role("button", name="취소", exact=True))
            await self._text.wait_for(state="hidden")
            return
        if not has_text:
            await self._user.fill(self._text, memo)
        if not await self._expose.get_by_role("checkbox").is_checked():
            await self._user.click(self._expose)
        await self._expose.get_by_role("checkbox", checked=True).wait_for()
        if await self._text.input_value() != memo:
            raise ItemError(FailureKind.PAGE_CHANGED, "메모 창의 내용이 입력 뒤에 바뀌었습니다")
        save = self._dialog.get_by_role("button", name=re.compile("저장 후 닫기"))
        await self._user.click(save)
        await self._drawer.saved()
        await self._text.wait_for(state="hidden")

    async def _is_witnessed(self, memo: str, other: str | None) -> bool:
        """Whether the drawer's strip shows this memo; without a strip, whether it is a new one."""
        text = " ".join(memo.split())
        if witness := await self._witness():
            return bool(text) and (text.startswith(witness) or witness.startswith(text))
        return bool(text) and memo != other

    async def _witness(self) -> str:
        """The strip's text, which the site may have cut short."""
        if not await self._strip.count():
            return ""
        return " ".join((await self._strip.first.inner_text()).split()).rstrip("….")
