"""The tab 업로드: the collapse 상품정보제공고시 (percenty-site §7; [S,D])."""

from playwright.async_api import Locator

from percenty_batch.percenty.drawer.frame import UPLOAD, Drawer, commit, following_input

_PLACEHOLDER = "상세페이지 참조"


class DisclosureForm:
    """The fields that the law asks for: 품명, 모델명, …"""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer

    async def open(self) -> None:
        """Open the tab and expand the collapse."""
        await self._drawer.open_tab(UPLOAD)
        header = self._header()
        await header.wait_for()
        if await header.get_attribute("aria-expanded") != "true":
            await header.click()
        await (
            self._drawer.body.get_by_placeholder(_PLACEHOLDER).filter(visible=True).first.wait_for()
        )

    async def write(self, label: str, text: str) -> bool | None:
        """Put a text in the field; None where the product has no such field, False if it was so."""
        field = self._drawer.body.locator(f"xpath={following_input(label)}").filter(visible=True)
        if not await field.count():
            await self._drawer.traffic.idle(0.5, self._drawer.timeout_s)
        if not await field.count():
            return None
        if await field.first.input_value() == text:
            return False
        await commit(field.first, text)
        await self._drawer.saved()
        return True

    def _header(self) -> Locator:
        return (
            self._drawer.body.locator(".ant-collapse-header")
            .filter(has_text="상품정보제공고시")
            .first
        )
