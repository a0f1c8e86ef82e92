"""The images of the options (tab 옵션, percenty-site §7)."""

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.cards import ImageCards
from percenty_batch.percenty.drawer.editor import ImageEditor
from percenty_batch.percenty.drawer.frame import OPTIONS, Drawer

_COPY, _EDIT = "썸네일로 복사", "편집"
_SILENCES_S = (0.1, 0.3, 1.0)


class OptionImages:
    """Copies option images to the thumbnails and edits them; positions count from 1.

    An option without a picture has no image, and no position.
    """

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer
        self._cards = ImageCards(drawer.body, mark=_COPY)

    async def open(self) -> tuple[str, ...]:
        """Open the tab; returns the images' addresses in order, none for a single-item product."""
        await self._drawer.open_tab(OPTIONS)
        return await self.sources()

    async def sources(self) -> tuple[str, ...]:
        """Read the images' addresses once two readings agree."""
        before: tuple[str, ...] | None = None
        for silence_s in _SILENCES_S:
            await self._drawer.screen.idle(silence_s)
            sources = tuple(filter(None, await self._cards.sources()))
            if sources and sources == before:
                break
            before = sources
        return sources

    async def copy_to_thumbnails(self, position: int) -> None:
        """Click 썸네일로 복사 once; the tab 썸네일 tells what came of it."""
        await self._drawer.user.click(await self._action(position, _COPY))
        await self._drawer.screen.idle(0.1)
        await self._drawer.saved()

    async def edit(self, position: int) -> ImageEditor:
        """Open the image editor at this option's image."""
        await self._drawer.user.click(await self._action(position, _EDIT))
        return await ImageEditor.opened(self._drawer, at=position)

    async def _action(self, position: int, text: str) -> Locator:
        cards = enumerate(await self._cards.sources(), start=1)
        pictured = [card for card, source in cards if source]
        if position > len(pictured):
            raise ItemError(FailureKind.PAGE_CHANGED, f"{position}번 옵션 이미지가 없습니다")
        return self._cards.action(pictured[position - 1], text)
