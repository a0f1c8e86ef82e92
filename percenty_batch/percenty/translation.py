"""The dialog 일괄 번역 (percenty-site §8): its offer, its start, and what it shows afterwards."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import JSHandle, Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, ItemError, WorkError
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.selection import Selection
from percenty_batch.percenty.translation_signs import (
    Shown,
    Told,
    remaining_quota,
    selected_count,
    told,
)
from percenty_batch.percenty.waiting import first_of

_START = re.compile(r"일괄 번역 시작")
_QUOTA = re.compile(r"\d\s*회")
_HARMFUL = re.compile(r"삭제|업로드|끊기|결제|구매")
_MOST_NOTICES = 3
_MOMENT_MS = 3000

# What the dialog, or a message, says now. A dialog that is leaving is in sight for a moment more.
# Given what was there before, it tells whether anything else is there now.
_SHOWN = r"""before => {
    const isSeen = element => element.getClientRects().length > 0;
    const dialogs = [...document.querySelectorAll('[role=dialog]')]
        .filter(each => isSeen(each) && /번역/.test(each.innerText));
    const messages = [...document.querySelectorAll(
        '.ant-message-notice, .ant-notification-notice')].filter(isSeen);
    const start = dialogs.flatMap(each => [...each.querySelectorAll('button')])
        .find(button => /일괄 번역 시작/.test(button.innerText) && isSeen(button));
    const bar = dialogs.map(each => each.querySelector('[role=progressbar]')).find(Boolean);
    const now = {
        lines: [...dialogs, ...messages].flatMap(each => each.innerText.split('\n'))
            .map(line => line.replace(/\s+/g, ' ').trim()).filter(Boolean),
        percent: bar ? Number(bar.getAttribute('aria-valuenow')) : null,
        is_loading: start ? start.classList.contains('ant-btn-loading') : null,
        is_open: dialogs.length > 0,
    };
    return before ? JSON.stringify(now) !== JSON.stringify(before) : now;
}"""

# A message goes after three seconds, in which a busy page may not be looked at: each line of one
# is remembered from now on, in a list of its own that nothing on the page sees.
_LISTEN = r"""() => {
    const said = [];
    const hear = () => {
        const messages = '.ant-message-notice, .ant-notification-notice';
        const lines = [...document.querySelectorAll(messages)]
            .filter(each => each.getClientRects().length)
            .flatMap(each => each.innerText.split('\n'))
            .map(line => line.replace(/\s+/g, ' ').trim());
        for (const line of lines) if (line && !said.includes(line)) said.push(line);
    };
    new MutationObserver(hear).observe(
        document.body, { childList: true, subtree: true, characterData: true });
    return said;
}"""
_SAID = "said => said"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationOffer:
    """What the dialog says before the start: the day's remaining quota and what is selected."""

    remaining: int
    selected: int


class TranslationDialog:
    """One lot's translation. How the page tells its end is judged in `translation_signs`."""

    def __init__(self, screen: Screen, selection: Selection) -> None:
        self._screen = screen
        self._page = screen.page
        self._user = screen.user
        self._selection = selection
        self._before = Shown()
        self._heard: JSHandle | None = None

    async def open(self, count: int) -> TranslationOffer:
        """Open the dialog for so many selected products and read its offer.

        Raises WorkError when the quota cannot be read: not known is not zero.
        """
        await self._selection.use("일괄 번역")
        for _ in range(_MOST_NOTICES):
            if await first_of(self._dialog.last.wait_for(), self._notice.last.wait_for()) == 0:
                break
            await self._accept_notice()
        await self._dialog.last.wait_for()
        return await self._offer(count)

    async def start(self) -> None:
        """Press 일괄 번역 시작; raises ItemError when the site did not take it for sure."""
        mark, begun = self._screen.traffic.mark(), self._screen.traffic.changes_begun
        self._before = await self._shown()
        self._heard = await self._page.evaluate_handle(_LISTEN)
        await self._user.click(self._start.last)
        await self._screen.taken(begun)
        if failed := [c for c in self._screen.traffic.failed_since(mark) if c.is_change]:
            raise ItemError(
                FailureKind.SITE_ERROR,
                f"번역을 시작하지 못했습니다: {failed[0]}",
                effect_unknown=failed[0].status not in range(400, 500),
            )

    async def told(self) -> Told:
        """Judge what the page says now of the translation that was started."""
        shown = await self._shown()
        verdict = told(shown, self._before, await self._messages())
        if shown.is_loading:  # that it is no more is a sign as well
            self._before = replace(self._before, is_loading=True)
        return verdict

    async def changed(self, within_s: float) -> bool:
        """Wait until the page says something else; false when it did not in that time."""
        before = await self._page.evaluate(_SHOWN)
        try:
            await self._page.wait_for_function(_SHOWN, arg=before, timeout=within_s * 1000)
        except PlaywrightTimeoutError:
            return False
        return True

    async def is_open(self) -> bool:
        return bool((await self._shown()).is_open)

    async def close(self) -> None:
        """Close the dialog by 닫기, if it is open. While it shows a progress, that could abort."""
        dialog = self._page.get_by_role("dialog").filter(has_text="번역")
        button = dialog.get_by_role("button", name="닫기", exact=True)
        if await button.count():
            await self._user.click(button.last)
            await button.first.wait_for(state="hidden")

    @property
    def _start(self) -> Locator:
        return self._page.get_by_role("button", name=_START)

    @property
    def _dialog(self) -> Locator:
        return self._page.get_by_role("dialog").filter(has=self._start)

    @property
    def _notice(self) -> Locator:
        confirm = self._page.get_by_role("button", name="확인", exact=True)
        return self._page.get_by_role("dialog").filter(has=confirm).filter(has_not=self._start)

    async def _accept_notice(self) -> None:
        """A dialog with nothing but 확인 may come first [L]; what it says is not known."""
        text = " ".join((await self._notice.last.inner_text()).split())
        if _HARMFUL.search(text):
            raise WorkError(FailureKind.PAGE_CHANGED, f"알 수 없는 확인 창입니다: {text[:100]}")
        button = self._notice.last.get_by_role("button", name="확인", exact=True)
        await self._user.click(button)
        await self._notice.first.wait_for(state="hidden")

    async def _offer(self, count: int) -> TranslationOffer:
        """Read the offer; one that is too small only after a longer silence of the site."""
        dialog = self._dialog.last
        with suppress(PlaywrightTimeoutError):
            await dialog.get_by_text(_QUOTA).first.wait_for(timeout=_MOMENT_MS)
        for quiet_s in (0.1, 1.0, 2.0):
            await self._screen.idle(quiet_s)
            text = await dialog.inner_text()
            remaining = remaining_quota(text)
            if remaining is not None and remaining >= count:
                break
        if remaining is None:
            raise WorkError(
                FailureKind.PAGE_CHANGED,
                f"남은 번역 횟수를 읽을 수 없습니다: {' '.join(text.split())[:100]}",
            )
        selected = selected_count(text)
        if selected not in (None, count):
            raise WorkError(
                FailureKind.PAGE_CHANGED, f"{count}개를 선택했지만 번역 창에는 {selected}개입니다"
            )
        return TranslationOffer(remaining=remaining, selected=count)

    async def _messages(self) -> list[str]:
        """Give what was heard since the start; what a page said went with it when it was left."""
        if self._heard is None:
            return []
        try:
            lines: list[str] = await self._heard.evaluate(_SAID)
        except PlaywrightError:
            self._heard = None
            return []
        return lines

    async def _shown(self) -> Shown:
        seen: dict[str, Any] = await self._page.evaluate(_SHOWN)
        return Shown(**{**seen, "lines": tuple(seen["lines"])})
