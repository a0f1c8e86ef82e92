"""Ant Design's select with its virtual list: about 8 options are mounted at a time (§5)."""

import asyncio
import re

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.user_input import UserInput

_SHOWN = ".ant-select-dropdown:not(.ant-select-dropdown-hidden)"
_OPEN = f'{_SHOWN}:not([class*="-leave"])'
_MOST_STOPS = 60
_MOST_TAKES = 3
_MOST_OPENINGS = 2
_MOMENT_MS = 3000
_PATIENCE_S = 3.0  # with a list that is still changing while it is scrolled through
_NEXT_FRAME = "() => new Promise(r => requestAnimationFrame(() => setTimeout(r)))"
# Scrolls from the top until an option is mounted whose text matches. The list mounts what is in
# sight after the scrolling, on a busy page a good while after it; an option that is half in sight
# may be left out and comes with the next stop, but the first and the last one must be there.
_SCROLL_TO = r"""async ([holder], [pattern, flags, mostStops]) => {
    if (!holder) return false;
    const wanted = new RegExp(pattern, flags);
    const items = kind => [...holder.querySelectorAll(kind)];
    const isFilled = () => {
        const seen = holder.getBoundingClientRect();
        const edges = items('.ant-select-item').map(item => item.getBoundingClientRect());
        const left = holder.scrollHeight - holder.clientHeight - holder.scrollTop;
        const mayMiss = hidden => hidden < 1 ? 1 : edges[0]?.height;
        return Math.min(...edges.map(edge => edge.top)) <= seen.top + mayMiss(holder.scrollTop)
            && Math.max(...edges.map(edge => edge.bottom)) >= seen.bottom - mayMiss(left);
    };
    const show = async top => {
        holder.scrollTop = top;
        const giveUpAt = performance.now() + 1000;
        do await new Promise(requestAnimationFrame);
        while (!isFilled() && performance.now() < giveUpAt);
    };
    const step = Math.max(holder.clientHeight - 40, 40);
    for (let stop = 0, before = -1; stop < mostStops; stop++) {
        await show(stop * step);
        const texts = items('.ant-select-item-option').map(option => option.innerText);
        if (texts.some(text => wanted.test(text.replace(/\s+/g, ' ').trim()))) return true;
        if (holder.scrollTop <= before) return false;
        before = holder.scrollTop;
    }
    return false;
}"""


async def choose(user: UserInput, select: Locator, text: re.Pattern[str], typed: str) -> str:
    """Open the select, find the option whose whole text matches, click it; returns its text.

    Typing narrows the list where the select allows it; else the list is scrolled from its top.
    A list that closes by itself is opened again.
    """
    dropdown = select.page.locator(_SHOWN).filter(visible=True)
    search = select.locator("input[role=combobox], input[type=search]").first
    for _ in range(_MOST_OPENINGS):
        await dropdown.first.wait_for(state="hidden")  # one open a moment ago is leaving
        await user.click(select.locator(".ant-select-selector, .ant-select-content").first)
        await dropdown.last.wait_for()
        option = dropdown.last.locator(".ant-select-item-option").filter(has_text=text)
        if await search.is_editable():
            await user.fill(search, typed)
            if await _is_mounted(option) and (label := await _take(user, dropdown, option)):
                return label
            await user.fill(search, "")
        if label := await _scroll_and_take(user, dropdown, option, text):
            return label
        if await _is_open(dropdown):  # all of it was seen
            await user.press(search, "Escape")
            break
    raise WorkError(FailureKind.DATA, f"그룹 목록에 '{typed}' 그룹이 없습니다")


async def _scroll_and_take(
    user: UserInput, dropdown: Locator, option: Locator, text: re.Pattern[str]
) -> str:
    for _ in range(_MOST_TAKES):
        if not await _scroll_to(dropdown.last, text):
            return ""
        if label := await _take(user, dropdown, option):
            return label
    return ""


async def _take(user: UserInput, dropdown: Locator, option: Locator) -> str:
    """Click the option; empty when the list, which may scroll by itself, unmounted it before.

    A click that a busy page was slow to take has closed the list.
    """
    label = ""
    try:
        label = (await option.first.inner_text(timeout=_MOMENT_MS)).strip()
        await user.click(option.first, timeout_ms=_MOMENT_MS)
    except PlaywrightTimeoutError:
        if await _is_open(dropdown):
            return ""
    return label


async def _is_open(dropdown: Locator) -> bool:
    # Its motion begins with no height, which Playwright takes for hidden.
    return await dropdown.page.locator(_OPEN).count() > 0


async def _is_mounted(option: Locator) -> bool:
    # The list is narrowed within a frame or two of the typing, without asking the server.
    await option.page.evaluate(_NEXT_FRAME)
    return await option.count() > 0


async def _scroll_to(dropdown: Locator, text: re.Pattern[str]) -> bool:
    """Scroll until the option is mounted.

    Twice at least: the list itself scrolls to its chosen option a moment after it has opened.
    Again while it is not what it was: groups are fetched, and a busy page mounts them late.
    """
    holder = dropdown.locator(".rc-virtual-list-holder")
    wanted = [text.pattern, "i" if text.flags & re.IGNORECASE else "", _MOST_STOPS]
    now = asyncio.get_running_loop().time
    give_up_at = now() + _PATIENCE_S
    seen: list[str] | None = None
    while now() < give_up_at and await _is_open(dropdown):
        if await holder.evaluate_all(_SCROLL_TO, wanted):
            return True
        texts = await dropdown.locator(".ant-select-item-option").all_inner_texts()
        if seen == texts != []:
            return False
        seen = texts
        await dropdown.page.evaluate(_NEXT_FRAME)
    return False
