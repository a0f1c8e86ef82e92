"""Work of the site that a click begins and that takes it a while: option names, translations."""

import asyncio

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.frame import Drawer

_SETTLING_S = 0.3  # a call that a click brings about is heard of a little after the click
BUSY = ".ant-btn-loading, .ant-spin-spinning"


async def at_rest(
    drawer: Drawer, busy: Locator, *, limit_s: float, silence_s: float = _SETTLING_S
) -> None:
    """Wait until neither the site nor anything `busy` is at work; raises either TimeoutError."""
    for _ in range(2):  # it may ask the site again when it was answered
        await drawer.traffic.idle(silence_s, limit_s)
        await busy.filter(visible=True).first.wait_for(state="hidden", timeout=limit_s * 1000)


async def carry_out(
    drawer: Drawer, button: Locator, around: Locator, *, work: tuple[str, str], limit_s: float
) -> None:
    """Click the button and wait until neither the site nor anything `around` it is at work.

    `work` is its Korean name with and without the particle of a subject. Raises ItemError when it
    fails or does not end in time: nothing is assumed then.
    """
    subject, name = work
    mark = drawer.traffic.mark()
    await drawer.user.click(button)
    try:
        async with asyncio.timeout(limit_s):
            await at_rest(drawer, around.locator(BUSY), limit_s=limit_s)
    except (TimeoutError, PlaywrightTimeoutError) as error:
        raise ItemError(
            FailureKind.TIMEOUT, f"{subject} {limit_s:g}초 안에 끝나지 않았습니다"
        ) from error
    if failed := drawer.traffic.failed_since(mark):
        raise ItemError(FailureKind.SITE_ERROR, f"{name} 실패: {failed[-1]}")
    await drawer.saved()
