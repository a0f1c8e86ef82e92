"""What Playwright leaves behind when its driver is lost: futures that nobody will ask."""

import asyncio
from dataclasses import dataclass
from typing import Any

from structlog.typing import FilteringBoundLogger

from percenty_batch.browser.failures import first_line, is_closed

_LOST = "Connection closed while reading from the driver"


def quiet_lost_drivers(log: FilteringBoundLogger) -> None:
    """Let the running loop tell of such futures in `log`, at debug; all else goes where it went.

    Each call that waited for the driver has failed by itself. The loop stays so: the futures come
    to light when they are collected as garbage, which may be after the end of the Launcher.
    """
    loop = asyncio.get_running_loop()
    current = loop.get_exception_handler()
    others = current.others if isinstance(current, _Handler) else current
    loop.set_exception_handler(_Handler(log=log, others=others))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handler:
    """The loop's exception handler. `others` is the one for everything that is not ours."""

    log: FilteringBoundLogger
    others: Any  # typeshed's name for the type of handlers is private

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None and (is_closed(error) or str(error) == _LOST):
            self.log.debug("끊긴 브라우저가 남긴 오류를 건너뜁니다: %s", first_line(error))
        elif self.others is not None:
            self.others(loop, context)
        else:
            loop.default_exception_handler(context)
