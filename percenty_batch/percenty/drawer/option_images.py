"""The images of the options (tab 옵션, percenty-site §7)."""

from percenty_batch.percenty.drawer.cards import ImageCards
from percenty_batch.percenty.drawer.editor import ImageEditor
from percenty_batch.percenty.drawer.frame import OPTIONS, Drawer

_COPY, _EDIT = "썸네일로 복사", "편집"
_SILENCES_S = (0.1, 0.3, 1.0)


class OptionImages:
    """Copies option images to the thumbnails and edits them; positions count from 1."""

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
            sources = await self._cards.sources()
            if sources and sources == before:
                break
            before = sources
        return sources

    async def copy_to_thumbnails(self, position: int) -> None:
        """Click 썸네일로 복사 once; the tab 썸네일 tells what came of it."""
        await self._drawer.user.click(self._cards.action(position, _COPY))
        await self._drawer.screen.idle(0.1)
        await self._drawer.saved()

    async def edit(self, position: int) -> ImageEditor:
        """Open the image editor at this option's image."""
        await self._drawer.user.click(self._cards.action(position, _EDIT))
        return await ImageEditor.opened(self._drawer, at=position)
