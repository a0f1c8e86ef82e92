"""The button API 검증 of 마켓 설정 and its outcomes: verified, refused, no answer in time."""

import asyncio
import re
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.market_pane import MarketPane
from percenty_batch.percenty.notices import Notices, is_refusal, is_success
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.waiting import first_of

_PATIENCE = 2  # times the usual patience: the site asks the market itself
_WORDS_S = 2.0  # the site's words come a little after its answer, and its badge after its words


class VerificationOutcome(StrEnum):
    VERIFIED = "verified"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The outcome, and the site's own words where it had any."""

    outcome: VerificationOutcome
    words: str = ""

    @property
    def is_verified(self) -> bool:
        return self.outcome is VerificationOutcome.VERIFIED


async def verify(screen: Screen, pane: MarketPane, button: Locator) -> Verification:
    """Click API 검증 and wait for its outcome.

    Raises WorkError when the site fails (500 and above); what the market refuses is an outcome.
    """
    notices = await Notices.begin(screen.page)
    mark = screen.traffic.mark()
    await screen.user.click(button)
    try:
        async with asyncio.timeout(_PATIENCE * screen.timeout_s):
            outcome = await _outcome(screen, pane, notices, mark)
    except TimeoutError:
        return Verification(outcome=VerificationOutcome.TIMED_OUT)
    await _close_telling_dialog(screen)
    return outcome


async def _outcome(screen: Screen, pane: MarketPane, notices: Notices, mark: int) -> Verification:
    while True:
        failed_call = screen.traffic.failed_after(mark)
        if await first_of(pane.verified(), notices.wait(), failed_call) == 0:
            return Verification(outcome=VerificationOutcome.VERIFIED)
        if screen.traffic.failed_since(mark):
            return await _refused(screen, notices, mark)
        for text in await notices.take():
            if is_refusal(text):
                return Verification(outcome=VerificationOutcome.REFUSED, words=text)
            if is_success(text):
                await _soon(pane.verified())
                return Verification(outcome=VerificationOutcome.VERIFIED, words=text)


async def _refused(screen: Screen, notices: Notices, mark: int) -> Verification:
    """A call that failed: the market's no (4xx) with the words that follow, or the site's own."""
    call = screen.traffic.failed_since(mark)[0]
    if call.status == 0 or call.status >= 500:
        raise WorkError(FailureKind.SITE_ERROR, f"사이트 오류: {call}")
    await _soon(notices.wait())
    screen.traffic.excuse(mark)
    words = next(iter(await notices.take()), f"HTTP {call.status}")
    return Verification(outcome=VerificationOutcome.REFUSED, words=words)


async def _close_telling_dialog(screen: Screen) -> None:
    """A dialog that only tells the outcome lies over the next tab."""
    dialog = screen.page.locator(".ant-modal-confirm").filter(visible=True)
    button = dialog.get_by_role("button", name=re.compile("^(확인|닫기)$"))
    if await button.count():
        await screen.user.click(button.last)
        await dialog.last.wait_for(state="hidden")


async def _soon(wait: Awaitable[None]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_WORDS_S):
            await wait
