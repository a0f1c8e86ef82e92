"""Work of the site that a click begins and that takes it a while: option names, translations."""

import asyncio

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.frame import Drawer

_SETTLING_S = 0.3  # a call that a click brings about is heard of a little after the click
_BUSY = ".ant-btn-loading, .ant-spin-spinning"


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
            for _ in range(2):  # it may ask the site again when it was answered
                await drawer.traffic.idle(_SETTLING_S, limit_s)
                busy = around.locator(_BUSY).filter(visible=True)
                await busy.first.wait_for(state="hidden", timeout=limit_s * 1000)
    except (TimeoutError, PlaywrightTimeoutError) as error:
        raise ItemError(
            FailureKind.TIMEOUT, f"{subject} {limit_s:g}초 안에 끝나지 않았습니다"
        ) from error
    if failed := drawer.traffic.failed_since(mark):
        raise ItemError(FailureKind.SITE_ERROR, f"{name} 실패: {failed[-1]}")
    await drawer.saved()
