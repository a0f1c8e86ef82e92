"""The image editor: full screen over everything, one image at a time (percenty-site §7 [D,S]).

Facts: `canvas#pCanvas`, thumbs `img.p_tooltip_image_editor_thumb`, the button 원클릭 이미지 번역
that has `ant-btn-loading` while it works, TAB for the next image, 수정사항 저장. ESC does not save.
"""

import asyncio
import json
import re
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.frame import Drawer
from percenty_batch.percenty.drawer.pictures import loaded, read, shot
from percenty_batch.percenty.drawer.slow_work import BUSY, at_rest, carry_out
from percenty_batch.percenty.waiting import first_of

_TRANSLATE = re.compile("원클릭 이미지 번역")
_TRANSLATION = ("이미지 번역이", "이미지 번역")
_SAVE = re.compile("수정사항 저장$")
_CLOSE = re.compile("^(close|닫기|나가기)", re.IGNORECASE)
_ROOT = "xpath=ancestor::*[.//button[contains(normalize-space(.), '원클릭 이미지 번역')]][1]"
_SETTLING_S = 0.3  # a call that a click brings about is heard of a little after the click
_PAUSE_S = 0.1  # between two looks at a picture that is to stay the same
_LASTING_S = 1.0  # a page that is still at work does something within it
_MOMENT_MS = 3000
# What the editor shows, as JSON: the picture, and last how each thumb is marked. A picture of
# another host cannot be read; then the marks alone tell. Given a look, whether it is another now.
_LOOK = """before => {
    const canvas = [...document.querySelectorAll('canvas#pCanvas')]
        .filter(each => each.getClientRects().length).at(-1);
    let pixels = '';
    try { pixels = canvas?.toDataURL() ?? ''; } catch { pixels = 'unreadable'; }
    const sum = [...pixels].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
    const marks = [...document.querySelectorAll('img.p_tooltip_image_editor_thumb')]
        .filter(thumb => thumb.getClientRects().length)
        .map(thumb => [thumb, thumb.parentElement, thumb.parentElement?.parentElement]
            .map(each => [each?.className, each?.style?.cssText, each?.ariaSelected].join())
            .join().replace(/\\s*[\\w-]*tooltip-open/, ''));
    const look = JSON.stringify([sum, pixels.length, marks]);
    return before === null ? look : look !== before;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """What the canvas showed before the last step to another image, and that one's position."""

    at: int
    png: bytes


class ImageEditor:
    """The open editor. Nothing of its work is kept unless `save` returns."""

    def __init__(self, drawer: Drawer, *, at: int) -> None:
        page = drawer.page
        self._drawer = drawer
        self._at = at
        self._left: _Left | None = None
        self._canvas = page.locator("canvas#pCanvas").filter(visible=True).last
        self._root = self._canvas.locator(_ROOT)
        self._thumbs = page.locator("img.p_tooltip_image_editor_thumb").filter(visible=True)
        self._translate = page.get_by_role("button", name=_TRANSLATE).filter(visible=True).last
        self._save = page.get_by_role("button", name=_SAVE).filter(visible=True).last
        self._busy = self._root.locator(BUSY).or_(self._save.and_(page.locator(BUSY)))
        question = page.locator(".ant-modal-confirm").filter(visible=True)
        self._question = question.filter(has_text="저장")

    @classmethod
    async def opened(cls, drawer: Drawer, *, at: int) -> "ImageEditor":
        """Wait until the editor shows the image at this position (from 1) of its area."""
        editor = cls(drawer, at=at)
        await editor._canvas.wait_for()
        await editor._translate.wait_for()
        await drawer.screen.idle(_SETTLING_S)
        await editor._choose()
        return editor

    async def go_to(self, position: int) -> None:
        """Show a later image, one TAB after the other."""
        while self._at < position:
            await self._next()

    async def picture(self) -> bytes:
        """Take the shown image as PNG once it has come: its loading is none of the site's calls.

        Raises ItemError when it does not come.
        """
        try:
            async with asyncio.timeout(self._drawer.screen.timeout_s):
                while not await self._has_come(png := await self._steady()):
                    pass
                return png
        except (TimeoutError, PlaywrightTimeoutError) as error:
            raise ItemError(
                FailureKind.TIMEOUT, f"이미지 편집기에 {self._at}번 이미지가 나타나지 않습니다"
            ) from error

    async def translate(self, *, limit_s: float) -> None:
        """Translate the shown image and wait for the end.

        Raises ItemError when it fails or does not end in time: nothing is assumed then.
        """
        await carry_out(
            self._drawer, self._translate, self._root, work=_TRANSLATION, limit_s=limit_s
        )

    async def save(self, *, limit_s: float) -> None:
        """Click 수정사항 저장 and wait until it was taken: the site's answer, or the editor's end.

        Raises ItemError when the site refuses it, or does not take it in time.
        """
        traffic = self._drawer.traffic
        taken = traffic.changes_taken
        with traffic.uploads():
            await self._drawer.user.click(self._save)
            try:
                async with asyncio.timeout(limit_s):
                    await self._until_saved(taken, limit_s)
            except (TimeoutError, PlaywrightTimeoutError) as error:
                raise ItemError(
                    FailureKind.SITE_ERROR, "이미지 수정사항 저장이 확인되지 않았습니다"
                ) from error

    async def close(self) -> None:
        """Leave the editor, which may close itself meanwhile.

        Its own button comes first: ESC may close as well what lies under the editor.
        """
        if await self._is_gone(_MOMENT_MS / 6):
            return
        # A surrounding with tabs is the product's drawer, whose buttons are not the editor's.
        own = self._root.filter(has_not=self._drawer.page.locator('[role="tab"]'))
        button = own.get_by_role("button", name=_CLOSE).filter(visible=True)
        if await button.count():
            with suppress(TimeoutError):
                async with asyncio.timeout(_MOMENT_MS / 1000):
                    await self._leave(self._drawer.user.click(button.first))
            if await self._is_gone(_MOMENT_MS):
                return
        await self._leave(self._drawer.user.press(self._translate, "Escape"))
        await self._shown().wait_for(state="hidden")

    async def _until_saved(self, taken: int, limit_s: float) -> None:
        """Wait for the end of a save that may draw before it sends, and send more than once."""
        rest = partial(at_rest, self._drawer, self._busy, limit_s=limit_s)
        while True:
            begun = self._drawer.traffic.calls_begun
            await rest()
            if await self._is_taken(taken):
                break
            await self._next_sign(begun, limit_s)
        if await self._shown().is_visible():  # it may be between two of its calls
            lasting = rest(silence_s=_LASTING_S)
            await first_of(lasting, self._shown().wait_for(state="hidden", timeout=limit_s * 1000))
            await rest()
        await self._drawer.saved()

    async def _is_taken(self, taken: int) -> bool:
        """Whether anything tells so, at rest; a question is answered, an error raised."""
        if await self._question.count():
            await self._drawer.user.click(self._question.last.locator(".ant-btn-primary"))
            return False
        await self._drawer.saved()
        return self._drawer.traffic.changes_taken > taken or not await self._shown().is_visible()

    async def _next_sign(self, begun: int, limit_s: float) -> None:
        """Wait for anything that the page does next, or did after its first `begun` calls."""
        limit_ms = limit_s * 1000
        signs = self._busy.or_(self._question).or_(self._drawer.error_toasts)
        await first_of(
            self._drawer.traffic.asked(begun, limit_s),
            signs.filter(visible=True).first.wait_for(timeout=limit_ms),
            self._shown().wait_for(state="hidden", timeout=limit_ms),
        )

    async def _leave(self, action: Coroutine[Any, Any, None]) -> None:
        """Act, unless the editor closes by itself: then nothing is left to act on."""
        await first_of(self._shown().wait_for(state="hidden"), action)

    async def _is_gone(self, patience_ms: float) -> bool:
        with suppress(PlaywrightTimeoutError):
            await self._shown().wait_for(state="hidden", timeout=patience_ms)
            return True
        return False

    def _shown(self) -> Locator:
        return self._drawer.page.locator("canvas#pCanvas").filter(visible=True).first

    async def _choose(self) -> None:
        """Show our image by its thumb, for the editor may come up with the area's first one.

        Which of them it comes up with was never recorded. When the marks of two thumbs change, it
        was another. An editor with one thumb or none is that of one image, or has other thumbs.
        """
        thumb = self._thumb(self._at)
        with suppress(PlaywrightTimeoutError):
            await thumb.wait_for(timeout=_MOMENT_MS)
        count = await self._thumbs.count()
        if count < 2:
            return
        if count < self._at:
            raise ItemError(
                FailureKind.PAGE_CHANGED, f"이미지 편집기에 {self._at}번 이미지가 없습니다"
            )
        png, marks = await self._first(), await self._marks()
        await self._drawer.user.click(thumb)
        await self._drawer.screen.idle(_SETTLING_S)
        looks = enumerate(zip(marks, await self._marks(), strict=False), start=1)
        changed = [at for at, (old, new) in looks if old != new]
        others = [at for at in changed if at != self._at]
        if others and len(changed) > len(others):
            self._left = _Left(at=others[0], png=png)

    async def _marks(self) -> list[str]:
        *_, marks = json.loads(await self._drawer.page.evaluate(_LOOK, None))
        return list(marks)

    async def _steady(self) -> bytes:
        """Take the canvas as PNG once two shots of it are the same."""
        limit_s = self._drawer.screen.timeout_s
        before, now = None, b""
        while now != before:
            await at_rest(self._drawer, self._busy, limit_s=limit_s, silence_s=_PAUSE_S)
            before, now = now, await shot(self._canvas)
        return now

    async def _first(self) -> bytes:
        """Take what the editor comes up with, which is some picture if one comes in a moment."""
        with suppress(TimeoutError, PlaywrightTimeoutError):
            async with asyncio.timeout(_MOMENT_MS / 1000):
                while (await read(self._canvas, png := await self._steady())).is_blank:
                    pass
                return png
        return await shot(self._canvas)

    async def _has_come(self, png: bytes) -> bool:
        """Whether this is our image: neither the one before, unless they are alike, nor blank."""
        left = self._left
        if left and png == left.png and not await self._are_alike(left.at, self._at):
            return False
        if not (await read(self._canvas, png)).is_blank:
            return True
        thumb = await loaded(self._thumb(self._at))
        return thumb is not None and thumb.is_blank

    async def _next(self) -> None:
        """By TAB; where the page does not heed it, by the next thumb.

        Two images that look alike cannot be told apart; any others must be seen to change.
        """
        left = _Left(at=self._at, png=await shot(self._canvas))
        before = await self._drawer.page.evaluate(_LOOK, None)
        await self._drawer.user.press(self._translate, "Tab")
        if not await self._has_changed(before):
            await self._drawer.user.click(self._thumb(self._at + 1))
            if not await self._has_changed(before) and not await self._are_alike(
                self._at, self._at + 1
            ):
                raise ItemError(
                    FailureKind.PAGE_CHANGED, "이미지 편집기가 다음 이미지로 넘어가지 않습니다"
                )
        self._at, self._left = self._at + 1, left
        await self._drawer.screen.idle(_SETTLING_S)

    async def _has_changed(self, before: str) -> bool:
        with suppress(PlaywrightTimeoutError):
            await self._drawer.page.wait_for_function(_LOOK, arg=before, timeout=_MOMENT_MS)
            return True
        return False

    async def _are_alike(self, one: int, other: int) -> bool:
        """Whether two images have one address, or their thumbs show the same."""
        if await self._thumbs.count() < max(one, other):
            return False
        a, b = self._thumb(one), self._thumb(other)
        if await a.get_attribute("src") == await b.get_attribute("src"):
            return True
        first, second = await loaded(a), await loaded(b)
        return first is not None and second is not None and first.is_like(second)

    def _thumb(self, position: int) -> Locator:
        return self._thumbs.nth(position - 1)
