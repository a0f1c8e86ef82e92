"""The tab 업로드: the collapse 상품정보제공고시 (percenty-site §7; [S,D])."""

from percenty_batch.percenty.drawer.frame import UPLOAD, Drawer, commit, following_input

_PLACEHOLDER = "상세페이지 참조"


class DisclosureForm:
    """The fields that the law asks for: 품명, 모델명, …"""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer

    async def open(self) -> None:
        """Open the tab and unfold the part 상품정보제공고시 by its title."""
        await self._drawer.open_tab(UPLOAD)
        title = self._drawer.body.get_by_text("상품정보제공고시", exact=True).filter(visible=True)
        await title.first.wait_for()
        await self._drawer.traffic.idle(0.1, self._drawer.timeout_s)
        fields = self._drawer.body.get_by_placeholder(_PLACEHOLDER).filter(visible=True)
        if not await fields.count():
            await title.first.click()
        await fields.first.wait_for()

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
