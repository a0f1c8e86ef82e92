"""The tab 업로드: the part 상품정보제공고시 (percenty-site §7; [S,D])."""

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.fields import kept
from percenty_batch.percenty.drawer.frame import UPLOAD, Drawer

_TITLE = "상품정보제공고시"
_PLACEHOLDER = "상세페이지 참조"


class DisclosureForm:
    """The fields that the law asks for: 품명, 모델명, …"""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer
        self._title = drawer.body.get_by_text(_TITLE, exact=True).filter(visible=True).first

    async def open(self) -> None:
        """Open the tab and unfold the part; its texts may come after it."""
        await self._drawer.open_tab(UPLOAD)
        await self._title.wait_for()
        await self._drawer.screen.idle(0.1)
        if not await self._is_unfolded():
            await self._drawer.user.click(self._title)
        await self._fields().first.wait_for()
        await self._drawer.screen.idle(0.1)

    async def write(self, label: str, text: str) -> bool:
        """Put a text in the field of a label; False where the product has no such field.

        Raises ItemError when the field does not keep it.
        """
        field = self._field(label)
        if not await field.count():
            await self._drawer.screen.idle(0.5)
        if not await field.count():
            return False
        if await field.first.input_value() == text:
            return True
        if (shown := await kept(self._drawer, field.first, text)) != text:
            raise ItemError(
                FailureKind.SITE_ERROR, f"입력한 값이 그대로 남지 않았습니다: {shown!r}"
            )
        return True

    async def _is_unfolded(self) -> bool:
        header = self._title.locator("xpath=ancestor-or-self::*[@aria-expanded][1]")
        if await header.count():
            return await header.get_attribute("aria-expanded") == "true"
        return await self._fields().count() > 0

    def _fields(self) -> Locator:
        return self._drawer.body.get_by_placeholder(_PLACEHOLDER).filter(visible=True)

    def _field(self, label: str) -> Locator:
        """The very next input after the label, and only if it is one of these fields."""
        return self._drawer.body.locator(
            f"xpath=.//*[normalize-space(translate(text(), '*:', '  '))='{label}']"
            f"/following::input[1][@placeholder='{_PLACEHOLDER}']"
        ).filter(visible=True)
