"""The only place that clicks and types: nothing is changed on the site without passing here."""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from playwright.async_api import ElementHandle, Locator, Page
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, ItemError, PercentyBatchError

Fence = Callable[[], Awaitable[None]]
Clear = Callable[[], Awaitable[None]]
"""Closes what lies over the page; cheap where nothing does."""

_MOST_ACTIONS = 30
_MOST_CLICKS = 3
_LONGEST_TARGET = 200
_LONGEST_TEXT = 80
_FIRST_PART = 0.15  # of the way of a drag, which tells the page that one begins
_DRAG_MOVES = 12
_MOMENT_S = 0.3  # in which a click is made that nothing holds up
_HELD_UP_S = 1.0  # then something that came late may lie over the target
_PASSING_MS = 3000  # after it, what was to be clicked is looked at again
_MOST_CLEARING_S = 10.0  # a page that hangs never answers
_HOLD = "ms => new Promise(r => setTimeout(r, ms))"
_TWO_FRAMES = "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
# Ant Design's dialogs and lists come with a motion: a class that ends so, for 0.2 to 0.3 s. Its
# first frames look still, yet what is clicked then may be elsewhere when the mouse is released.
_AT_REST = """async ([target]) => {
    const isComing = element => /-(appear|enter)(\\s|$)/.test(element.getAttribute('class') ?? '');
    const isAtRest = () => {
        for (let at = target; at; at = at.parentElement) if (isComing(at)) return false;
        return true;
    };
    const giveUpAt = performance.now() + 2000;
    while (!isAtRest() && performance.now() < giveUpAt) await new Promise(requestAnimationFrame);
    return target !== undefined;
}"""
_SELECTOR = re.compile(r"selector='(.*)'>$", re.DOTALL)


async def allow_all() -> None:
    """Let every action through: for whoever holds no lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that was done on the page. `text` is never a secret."""

    at: datetime
    verb: str
    target: str
    text: str = ""

    def __str__(self) -> str:
        typed = f" ← {_cut(self.text, _LONGEST_TEXT)!r}" if self.text else ""
        return f"{self.at:%H:%M:%S.%f} {self.verb} {_cut(self.target, _LONGEST_TARGET)}{typed}"


class UserInput:
    """Acts on one page. Each action first awaits the fence, which raises when we may no longer act.

    `refusal` is what it raised, and `refused` is set by then: also an action whose caller cannot
    be told, such as one in a handler, thereby ends the work.
    """

    def __init__(self, page: Page, fence: Fence = allow_all) -> None:
        self.refusal: PercentyBatchError | None = None
        self.refused = asyncio.Event()
        self._page = page
        self._fence = fence
        self._clear: Clear | None = None
        self._actions: deque[Action] = deque(maxlen=_MOST_ACTIONS)

    @property
    def last_actions(self) -> tuple[str, ...]:
        """Tell the last 30 actions, oldest first, one line each."""
        return tuple(map(str, self._actions))

    async def allow(self, verb: str, target: str) -> None:
        """Let code that is not ours act: ask the fence, and remember what is done."""
        await self._may_act(verb, target)

    def note(self, verb: str, text: str) -> None:
        """Remember something that is no action on the page."""
        self._actions.append(Action(at=datetime.now().astimezone(), verb=verb, target=text))

    def keep_clear(self, clear: Clear) -> None:
        """From now on have the page cleared for each action: before it, or when it is held up."""
        self._clear = clear

    async def go_to(self, url: str, *, timeout_s: float | None = None) -> None:
        """Load a page of the site."""
        await self._may_act("이동", url)
        await self._page.goto(url, timeout=None if timeout_s is None else timeout_s * 1000)

    async def click(self, target: Locator, *, timeout_ms: float | None = None) -> None:
        """Click when what holds the target has come to rest.

        `timeout_ms` None: the page's own limit. Raises Playwright's TimeoutError.
        """
        await self._may_act("클릭", _described(target))
        # What lies over the target holds a click up, so nothing need be looked for before it.
        await self._attended(partial(_click, target, timeout_ms), look_after_s=_MOMENT_S)

    async def click_passing(self, target: Locator) -> bool:
        """Click what may leave, or be disabled, at any moment; False when it was not in time.

        Raises Playwright's TimeoutError when it stands there and takes no click.
        """
        able = target.and_(self._page.locator(":not(:disabled)")).filter(visible=True)
        if not await able.count():
            return False
        try:
            await self.click(target, timeout_ms=_PASSING_MS)
        except PlaywrightTimeoutError:
            if not await able.count():
                return False
            await self.click(target)  # it stands there, and something holds the click up
        return True

    async def click_until(self, target: Locator, shown: Locator) -> None:
        """Click until `shown` is in sight, where a second click does no harm.

        One on what moves just then, or under a dialog that just opened, is lost. A strip of tabs
        brings into sight what has the focus.
        """
        for _ in range(_MOST_CLICKS - 1):
            with suppress(PlaywrightTimeoutError):
                await self.click(target, timeout_ms=_PASSING_MS)
                await shown.wait_for(timeout=_PASSING_MS)
                return
            await target.focus()
        await self.click(target)
        await shown.wait_for()

    async def fill(self, target: Locator, text: str, *, is_secret: bool = False) -> None:
        """Put `text` in place of what the field holds; a secret is not remembered."""
        await self._may_act("입력", _described(target), "***" if is_secret else text)
        await self._attended(partial(target.fill, text))

    async def press(self, target: Locator, key: str, *, timeout_ms: float | None = None) -> None:
        await self._may_act("키", _described(target), key)
        await self._attended(partial(target.press, key, timeout=timeout_ms))

    async def drag(self, grip: Locator, to: Locator, *, hold_s: float = 0.0) -> None:
        """Drag from the middle of one element to the middle of another, both in sight.

        `hold_s`: how long the button is held before the first move. The pages that can be dragged
        on begin after a few pixels, and follow the mouse with their frames. Raises ItemError
        where an element cannot be seen.
        """
        await self._may_act("끌기", f"{_described(grip)} → {_described(to)}")
        await self._attended(grip.scroll_into_view_if_needed)
        await to.scroll_into_view_if_needed()
        start, end = await _middle(grip), await _middle(to)
        mouse = self._page.mouse
        await mouse.move(*start)
        await mouse.down()
        try:
            await self._page.evaluate(_HOLD, hold_s * 1000)
            await mouse.move(*_between(start, end, _FIRST_PART))
            await self._page.evaluate(_TWO_FRAMES)
            await mouse.move(*end, steps=_DRAG_MOVES)
            await self._page.evaluate(_TWO_FRAMES)
        finally:
            await mouse.up()

    async def run(self, target: Locator | ElementHandle, script: str, *, what: str) -> None:
        """Run a script that changes something; `what` says what, for the history."""
        await self._may_act("스크립트", what)
        await target.evaluate(script)

    async def _attended(
        self, action: Callable[[], Coroutine[Any, Any, None]], *, look_after_s: float = 0.0
    ) -> None:
        """Make an action on a page that is cleared before it or, if held up, after so many seconds.

        What comes over the page later is closed as well.
        """
        if not look_after_s:
            await self._clear_page()
        acting = asyncio.create_task(action(), name="act")
        try:
            while not (await asyncio.wait({acting}, timeout=look_after_s or _HELD_UP_S))[0]:
                await self._clear_page()
                look_after_s = _HELD_UP_S
            acting.result()
        finally:
            acting.cancel()
            await asyncio.gather(acting, return_exceptions=True)

    async def _clear_page(self) -> None:
        if self._clear is None:
            return
        # Where the page is gone, or we may no longer act, the action itself will tell.
        with suppress(PlaywrightError, PercentyBatchError, TimeoutError):
            async with asyncio.timeout(_MOST_CLEARING_S):
                await self._clear()

    async def _may_act(self, verb: str, target: str, text: str = "") -> None:
        try:
            await self._fence()
        except PercentyBatchError as error:
            self.refusal = error
            self.refused.set()
            raise
        action = Action(at=datetime.now().astimezone(), verb=verb, target=target, text=text)
        self._actions.append(action)


async def _click(target: Locator, timeout_ms: float | None) -> None:
    if not await target.evaluate_all(_AT_REST):
        await target.wait_for(state="attached", timeout=timeout_ms)
        await target.evaluate_all(_AT_REST)
    await target.click(timeout=timeout_ms)


async def _middle(target: Locator) -> tuple[float, float]:
    box = await target.bounding_box()
    if box is None:
        raise ItemError(FailureKind.PAGE_CHANGED, "끌어 옮길 것이 화면에 보이지 않습니다")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _between(
    start: tuple[float, float], end: tuple[float, float], part: float
) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _described(target: Locator) -> str:
    """Give the selector: the readable part of Playwright's own description."""
    text = str(target)
    found = _SELECTOR.search(text)
    return (found[1] if found else text).replace("internal:", "")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
