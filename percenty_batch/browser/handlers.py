"""Everything that Playwright calls back. No other module attaches a handler.

Playwright runs handlers in the contextvars of whoever started it, and raises what a handler
raises in the next call of *any* account. Hence each goes through `guarded()` and speaks only
through the account's bound logger.
"""

import functools
import inspect
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

from playwright.async_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Request,
    Response,
    Route,
    WebError,
)
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser.failures import first_line, is_closed

_LONGEST_PAGE_TEXT = 1000  # characters; a page may print megabytes
_HARMLESS_DIALOGS = frozenset({"alert", "beforeunload"})


class CallWatcher(Protocol):
    """Hears of every HTTP request. `call` is the same object from `started` to `ended` or `lost`.

    `kind` is Playwright's resource type: document, xhr, fetch, image, …; `reason` Chromium's
    word for a call without an answer, such as `net::ERR_ABORTED`.
    """

    def started(self, call: object, *, method: str, url: str, kind: str) -> None: ...

    def answered(self, call: object, *, method: str, url: str, status: int) -> None: ...

    def ended(self, call: object) -> None: ...

    def lost(self, call: object, *, method: str, url: str, reason: str) -> None: ...


def guarded(handler: Callable[..., Any], log: FilteringBoundLogger) -> Callable[..., Any]:
    """Wrap a sync or async handler so that what it raises is logged, and raised nowhere else."""
    if inspect.iscoroutinefunction(handler):

        @functools.wraps(handler)
        async def call_async(*args: object) -> None:
            try:
                await handler(*args)
            except Exception as error:  # noqa: BLE001 - a handler is fenced: see the module's text
                _report(error, log)

        return call_async

    @functools.wraps(handler)
    def call(*args: object) -> None:
        try:
            handler(*args)
        except Exception as error:  # noqa: BLE001 - a handler is fenced: see the module's text
            _report(error, log)

    return call


def attach(
    context: BrowserContext, log: FilteringBoundLogger, on_crash: Callable[[], object]
) -> None:
    """Listen to dialogs, console errors, page errors and crashes of all pages of `context`."""

    async def answer(dialog: Dialog) -> None:
        await _answer(dialog, log)

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            log.debug("페이지 콘솔 오류: %s", _cut(message.text))

    def page_error(error: WebError) -> None:
        log.warning("페이지 스크립트 오류: %s", _cut(str(error.error)))

    def crash() -> None:
        on_crash()
        log.error("페이지가 비정상 종료되었습니다")

    def page_opened(page: Page) -> None:
        page.on("crash", guarded(crash, log))

    context.on("dialog", guarded(answer, log))
    context.on("console", guarded(console, log))
    context.on("weberror", guarded(page_error, log))
    context.on("page", guarded(page_opened, log))


def attach_watcher(
    context: BrowserContext, log: FilteringBoundLogger, watcher: CallWatcher
) -> None:
    """Tell `watcher` of all requests of `context`. A request without an answer ends as well."""

    def started(request: Request) -> None:
        watcher.started(request, method=request.method, url=request.url, kind=request.resource_type)

    def answered(response: Response) -> None:
        request = response.request
        watcher.answered(request, method=request.method, url=request.url, status=response.status)

    def ended(request: Request) -> None:
        watcher.ended(request)

    def lost(request: Request) -> None:
        reason = request.failure or ""
        watcher.lost(request, method=request.method, url=request.url, reason=reason)

    context.on("request", guarded(started, log))
    context.on("response", guarded(answered, log))
    context.on("requestfinished", guarded(ended, log))
    context.on("requestfailed", guarded(lost, log))


async def close_overlays(
    page: Page,
    log: FilteringBoundLogger,
    overlay: Locator,
    close: Callable[[], Awaitable[object]],
) -> None:
    """Call `close` whenever `overlay` is seen before an action; `close` waits for it to go."""

    async def seen(_: Locator) -> None:
        await close()

    # Playwright's own wait would not end where a second overlay follows the first.
    await page.add_locator_handler(overlay, guarded(seen, log), no_wait_after=True)


async def block_hosts(
    context: BrowserContext, log: FilteringBoundLogger, hosts: Iterable[str]
) -> None:
    """Abort every request to one of `hosts` or to a host below it."""
    if pattern := blocked_pattern(hosts):

        async def abort(route: Route) -> None:
            await route.abort("blockedbyclient")

        await context.route(pattern, guarded(abort, log))


def blocked_pattern(hosts: Iterable[str]) -> re.Pattern[str] | None:
    """Return the pattern of URLs to block. The driver matches it, so it is JavaScript's as well."""
    names = "|".join(re.escape(host.strip(".").lower()) for host in hosts if host.strip("."))
    if not names:
        return None
    below = r"(?:[^\/?#]*[.@])?"
    end = r"\.?(?::\d+)?(?:[\/?#]|$)"
    return re.compile(rf"^[a-z]+:\/\/{below}(?:{names}){end}", re.IGNORECASE)


async def _answer(dialog: Dialog, log: FilteringBoundLogger) -> None:
    """Accept what only tells; refuse what asks, since nobody knows to what we would agree."""
    text = f"{dialog.type}: {_cut(dialog.message)}"
    if dialog.type in _HARMLESS_DIALOGS:
        await dialog.accept()
        log.info("브라우저 대화상자를 닫았습니다 - %s", text)
    else:
        await dialog.dismiss()
        log.warning("브라우저 대화상자를 취소했습니다 - %s", text)


def _report(error: Exception, log: FilteringBoundLogger) -> None:
    if is_closed(error):
        log.debug("닫힌 페이지의 처리기를 건너뜁니다: %s", first_line(error))
    else:
        log.error("브라우저 처리기에서 예외 발생: %s", first_line(error), exc_info=error)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_PAGE_TEXT else f"{text[:_LONGEST_PAGE_TEXT]}…"
