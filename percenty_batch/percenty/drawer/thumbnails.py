"""The tab 썸네일: cards that can be dragged; the first one leads (percenty-site §7)."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress

from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.cards import ImageCards, card_around
from percenty_batch.percenty.drawer.editor import ImageEditor
from percenty_batch.percenty.drawer.frame import THUMBNAILS, Drawer
from percenty_batch.percenty.drawer.positions import keys_to_front

_COUNT = re.compile(r"총\s*([\d,]+)\s*개의\s*썸네일")
_MARK, _DELETE, _EDIT = "상세페이지로 복사", "삭제", "편집하기"
_HOLD_S = 0.4  # where dragging begins only after the button was held
_MOMENT_MS = 2000
_SORTABLE = "xpath=(ancestor-or-self::*|.//*)[@aria-roledescription='sortable'][last()]"
_BOX = """card => {
    const box = card.getBoundingClientRect();
    return [Math.round(box.x), Math.round(box.y)];
}"""
# The first picture of the tab: the one beside the first 상세페이지로 복사 in sight.
_LEADS = """([mark, card, source]) => {
    const first = [...document.querySelectorAll('[role=dialog] *')].find(element =>
        element.getClientRects().length && element.childElementCount === 0
        && element.textContent.trim() === mark);
    if (!first) return false;
    const found = document.evaluate(card, first, null, XPathResult.FIRST_ORDERED_NODE_TYPE);
    return found.singleNodeValue?.querySelector('img').src === source;
}"""


class ThumbnailsTab:
    """Counts, deletes, sorts and edits the thumbnails; positions count from 1."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer
        self._cards = ImageCards(drawer.body, mark=_MARK)

    async def open(self) -> tuple[str, ...]:
        """Open the tab; returns the images' addresses in order."""
        await self._drawer.open_tab(THUMBNAILS)
        return await self.sources()

    async def sources(self) -> tuple[str, ...]:
        """Read the images' addresses once 총 N개의 썸네일 agrees with the cards."""
        for silence_s in (0.1, 0.3, 1.0, 2.0):
            await self._drawer.screen.idle(silence_s)
            told, sources = await self._told(), await self._cards.sources()
            if told == len(sources) and (told or silence_s >= 1.0) and all(sources):
                return sources
        raise ItemError(
            FailureKind.PAGE_CHANGED,
            f"썸네일 개수({told})와 썸네일({len(sources)}개)이 맞지 않습니다",
        )

    async def delete(self, position: int) -> None:
        """Delete one thumbnail, and see that it, and no other, is gone."""
        before = await self.sources()
        await self._drawer.user.click(self._cards.action(position, _DELETE))
        left = re.compile(rf"총\s*{len(before) - 1:,}\s*개의\s*썸네일")
        with suppress(PlaywrightTimeoutError):
            await self._drawer.body.get_by_text(left).first.wait_for()
        await self._drawer.saved()
        if await self.sources() != (*before[: position - 1], *before[position:]):
            raise ItemError(FailureKind.SITE_ERROR, "썸네일 삭제가 확인되지 않았습니다")

    async def bring_to_front(self, source: str) -> bool:
        """Have this image lead, and see that it does. False when it did already.

        The site's cards are dnd-kit's: they may follow the mouse at once or when it was held,
        and the keyboard; which of these was never recorded, so each is tried.
        """
        before = await self.sources()
        if before[0] == source:
            return False
        ways: tuple[Callable[[int], Awaitable[None]], ...] = (
            self._drag,
            self._hold_and_drag,
            self._move_by_keyboard,
        )
        for way in ways:
            now = await self.sources()
            await way(now.index(source) + 1)
            if await self._leads(source):
                break
        await self._drawer.saved()
        after = await self.sources()
        if after[0] != source or sorted(after) != sorted(before):
            raise ItemError(FailureKind.PAGE_CHANGED, "썸네일 순서를 바꾸지 못했습니다")
        return True

    async def edit(self, position: int) -> ImageEditor:
        """Open the image editor at this thumbnail."""
        await self._drawer.user.click(self._cards.action(position, _EDIT))
        return await ImageEditor.opened(self._drawer, at=position)

    async def _drag(self, position: int) -> None:
        await self._drawer.user.drag(self._cards.picture(position), self._cards.picture(1))

    async def _hold_and_drag(self, position: int) -> None:
        await self._drawer.user.drag(
            self._cards.picture(position), self._cards.picture(1), hold_s=_HOLD_S
        )

    async def _move_by_keyboard(self, position: int) -> None:
        card = self._cards.card(position).locator(_SORTABLE)
        if not await card.count():
            return
        boxes = [await self._cards.card(1 + at).evaluate(_BOX) for at in range(position)]
        for key in ("Space", *keys_to_front([(x, y) for x, y in boxes]), "Space"):
            await self._drawer.user.press(card.first, key)
            await self._drawer.screen.idle(0.1)

    async def _leads(self, source: str) -> bool:
        with suppress(PlaywrightTimeoutError):
            await self._drawer.page.wait_for_function(
                _LEADS, arg=[_MARK, card_around(_MARK), source], timeout=_MOMENT_MS
            )
            return True
        return False

    async def _told(self) -> int:
        text = await self._drawer.body.get_by_text(_COUNT).filter(visible=True).first.inner_text()
        match = _COUNT.search(text)
        return int(match[1].replace(",", "")) if match else -1
