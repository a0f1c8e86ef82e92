"""Playwright's errors in our own words: the only place that tells them apart."""

import re

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, WorkError

_CLOSED_MARKS = (
    "has been closed",
    "Connection closed",
    "Page crashed",
    "Target crashed",
    "Page closed",
    "Browser closed",
)
_MESSAGES = {
    FailureKind.TIMEOUT: "제한 시간 안에 끝나지 않았습니다",
    FailureKind.BROWSER_CRASHED: "브라우저가 닫혔거나 페이지가 비정상 종료되었습니다",
    FailureKind.SITE_ERROR: "사이트에 연결할 수 없습니다",
    FailureKind.UNKNOWN: "예상하지 못한 오류",
}


def translate(error: BaseException) -> WorkError:
    """Return the WorkError that says what `error` means; one of ours is returned as it is.

    The message is one line: Playwright's call logs are cut.
    """
    if isinstance(error, WorkError):
        return error
    kind = _kind_of(error)
    detail = awaited(error) if kind is FailureKind.TIMEOUT else first_line(error)
    return WorkError(kind, f"{_MESSAGES[kind]} ({detail})" if detail else _MESSAGES[kind])


def is_closed(error: BaseException) -> bool:
    """Tell whether the page, context, browser or driver behind a call is gone."""
    return _kind_of(error) is FailureKind.BROWSER_CRASHED


def first_line(error: BaseException) -> str:
    """Return the first line of the error's text; the rest of Playwright's is its call log."""
    text = str(error) if isinstance(error, PlaywrightError) else f"{type(error).__name__}: {error}"
    return text.strip().partition("\n")[0].rstrip(" :")


def awaited(error: BaseException) -> str:
    """Return what a timed-out call waited for: the one line of Playwright's call log that tells."""
    waited = re.search(r"waiting for (?!.*event)(.+)", str(error))
    return waited.group(1).strip() if waited else first_line(error)


def launch_problem(error: PlaywrightError) -> str:
    """Return the line in which the browser itself said why it did not start."""
    said = re.search(r"\[err\] (?:\[[^\]]*\] ?)?(.+)", error.message)
    return said.group(1).strip() if said else first_line(error)


def _kind_of(error: BaseException) -> FailureKind:
    if isinstance(error, PlaywrightTimeoutError | TimeoutError):
        return FailureKind.TIMEOUT
    if not isinstance(error, PlaywrightError):
        return FailureKind.UNKNOWN
    if any(mark in error.message for mark in _CLOSED_MARKS):
        return FailureKind.BROWSER_CRASHED
    if "net::ERR_" in error.message:
        return FailureKind.SITE_ERROR
    return FailureKind.UNKNOWN
