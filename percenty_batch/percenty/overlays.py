"""Dialogs that the site puts in the way: marketing after nearly every sign-in (percenty-site §3).

They may come stacked and late. They are closed by their own buttons; nodes are never removed,
because hiding by force also hides the dialogs that the work needs.
"""

import re
from contextlib import suppress

from playwright.async_api import ElementHandle, Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.user_input import UserInput

NEVER_AGAIN = "다시 보지 않기"
_CHAT_CLOSE = '[class*="PopupCloseBtn__CloseButton-ch-front"]'  # the chat widget's pop-up [H]
# A notice stays while the mouse rests on it: where the last click was, that is for ever.
_NOTICE_CLOSE = ", ".join(
    f".{notice}:hover .ant-notification-notice-close"
    for notice in ("ant-notification-notice-wrapper", "ant-notification-notice")
)
_MOST_STACKED = 12
_MOMENT_MS = 3000
_IN_THE_WAY = """([never_again, ...closers]) =>
    [...document.querySelectorAll('[role="dialog"]')].some(dialog =>
        dialog.textContent.includes(never_again) && dialog.getClientRects().length)
    || document.querySelector(closers.join()) !== null"""
_AWAY = re.compile(r"^(닫기|취소|close)$", re.IGNORECASE)


def marketing(page: Page) -> Locator:
    """Dialogs that offer never to be shown again; no dialog of the work does."""
    return page.get_by_role("dialog").filter(
        has=page.get_by_text(NEVER_AGAIN, exact=True).filter(visible=True)
    )


def in_the_way(page: Page) -> Locator:
    """A marketing dialog, or the chat widget's pop-up where its host could not be blocked."""
    return marketing(page).or_(page.locator(_CHAT_CLOSE).filter(visible=True)).last


async def clear_the_way(screen: Screen) -> None:
    """Close what is in the way; the first look is a cheap one, since each action begins with it."""
    if await screen.page.evaluate(_IN_THE_WAY, [NEVER_AGAIN, _CHAT_CLOSE, _NOTICE_CLOSE]):
        await close_marketing(screen)


async def close_marketing(screen: Screen) -> None:
    """Close every marketing dialog, pop-up and held notice there is now, the top one first."""
    for _ in range(_MOST_STACKED):
        dialog = marketing(screen.page)
        if not await dialog.count():
            break
        await _close(screen.user, dialog.last)
    closers = screen.page.locator(f"{_CHAT_CLOSE}, {_NOTICE_CLOSE}")
    for button in await closers.filter(visible=True).element_handles():
        await _click(screen.user, button)


async def close_all_dialogs(screen: Screen) -> None:
    """Close whatever dialog is open. Only for moments when none of the work's own can be."""
    await close_marketing(screen)
    for _ in range(_MOST_STACKED):
        dialog = screen.page.get_by_role("dialog")
        if not await dialog.count():
            return
        await _close(screen.user, dialog.last)


async def _close(user: UserInput, dialog: Locator) -> None:
    button = dialog.get_by_text(NEVER_AGAIN, exact=True).filter(visible=True)
    if not await button.count():
        button = dialog.get_by_role("button", name=_AWAY)
    if not await button.count():  # a dialog that only tells has nothing else
        button = dialog.get_by_role("button", name="확인", exact=True)
    with suppress(PlaywrightTimeoutError):  # it has left by itself; the caller looks again
        # Bound to one element: while it leaves, another dialog may already be the last one.
        await _click(user, await button.first.element_handle(timeout=_MOMENT_MS))


async def _click(user: UserInput, button: ElementHandle) -> None:
    with suppress(PlaywrightTimeoutError):
        await user.run(button, "element => element.click()", what="안내 창 닫기")
        await button.wait_for_element_state("hidden", timeout=_MOMENT_MS)
