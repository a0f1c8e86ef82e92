"""Dialogs that the site puts in the way: marketing after nearly every sign-in (percenty-site §3).

They may come stacked and late. They are closed by their own buttons; nodes are never removed,
because hiding by force also hides the dialogs that the work needs.
"""

import re
from contextlib import suppress

from playwright.async_api import ElementHandle, Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

NEVER_AGAIN = "다시 보지 않기"
_CHAT_CLOSE = '[class*="PopupCloseBtn__CloseButton-ch-front"]'  # the chat widget's pop-up [H]
_MOST_STACKED = 12
_MOMENT_MS = 3000
_AWAY = re.compile(r"^(닫기|취소|close)$", re.IGNORECASE)


def marketing(page: Page) -> Locator:
    """Dialogs that offer never to be shown again; no dialog of the work does."""
    return page.get_by_role("dialog").filter(
        has=page.get_by_text(NEVER_AGAIN, exact=True).filter(visible=True)
    )


def in_the_way(page: Page) -> Locator:
    """A marketing dialog, or the chat widget's pop-up where its host could not be blocked."""
    return marketing(page).or_(page.locator(_CHAT_CLOSE).filter(visible=True)).last


async def close_marketing(page: Page) -> None:
    """Close every marketing dialog and pop-up that is open now, the top one first."""
    for _ in range(_MOST_STACKED):
        dialog = marketing(page)
        if not await dialog.count():
            break
        await _close(dialog.last)
    for button in await page.locator(_CHAT_CLOSE).filter(visible=True).element_handles():
        await _click(button)


async def close_all_dialogs(page: Page) -> None:
    """Close whatever dialog is open. Only for moments when none of the work's own can be."""
    await close_marketing(page)
    for _ in range(_MOST_STACKED):
        dialog = page.get_by_role("dialog")
        if not await dialog.count():
            return
        await _close(dialog.last)


async def _close(dialog: Locator) -> None:
    button = dialog.get_by_text(NEVER_AGAIN, exact=True).filter(visible=True)
    if not await button.count():
        button = dialog.get_by_role("button", name=_AWAY)
    if not await button.count():  # a dialog that only tells has nothing else
        button = dialog.get_by_role("button", name="확인", exact=True)
    with suppress(PlaywrightTimeoutError):  # it has left by itself; the caller looks again
        # Bound to one element: while it leaves, another dialog may already be the last one.
        await _click(await button.first.element_handle(timeout=_MOMENT_MS))


async def _click(button: ElementHandle) -> None:
    with suppress(PlaywrightTimeoutError):
        await button.evaluate("element => element.click()")
        await button.wait_for_element_state("hidden", timeout=_MOMENT_MS)
