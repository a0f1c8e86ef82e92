import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.browser.failures import launch_problem, translate
from percenty_batch.errors import FailureKind, ItemError, WorkError

CALL_LOG = "\nCall log:\n  - waiting for locator('#password')\n"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (PlaywrightTimeoutError("Locator.click: Timeout 20000ms exceeded."), FailureKind.TIMEOUT),
        (TimeoutError(), FailureKind.TIMEOUT),
        (TimeoutError("late"), FailureKind.TIMEOUT),
        (
            PlaywrightError("Page.title: Target page, context or browser has been closed"),
            FailureKind.BROWSER_CRASHED,
        ),
        (PlaywrightError("Page.goto: Page crashed"), FailureKind.BROWSER_CRASHED),
        (PlaywrightError("Page.evaluate: Target crashed"), FailureKind.BROWSER_CRASHED),
        (
            PlaywrightError("Connection closed while reading from the driver"),
            FailureKind.BROWSER_CRASHED,
        ),
        (
            PlaywrightError("Page.goto: net::ERR_CONNECTION_REFUSED at http://example.com/"),
            FailureKind.SITE_ERROR,
        ),
        (PlaywrightError("Page.evaluate: ReferenceError: x is not defined"), FailureKind.UNKNOWN),
        (KeyError("x"), FailureKind.UNKNOWN),
    ],
)
def test_each_foreign_error_has_its_kind(error: Exception, kind: FailureKind) -> None:
    assert translate(error).kind is kind


def test_a_timeout_names_what_was_waited_for() -> None:
    error = PlaywrightTimeoutError("Locator.click: Timeout 20000ms exceeded." + CALL_LOG)
    assert str(translate(error)) == "제한 시간 안에 끝나지 않았습니다 (locator('#password'))"


def test_of_other_errors_the_call_log_is_cut_and_one_line_stays() -> None:
    error = PlaywrightError("Page.goto: net::ERR_FAILED at http://example.com/" + CALL_LOG)
    assert str(translate(error)) == (
        "사이트에 연결할 수 없습니다 (Page.goto: net::ERR_FAILED at http://example.com/)"
    )


def test_an_error_without_text_is_told_by_its_name() -> None:
    assert str(translate(ZeroDivisionError())) == "예상하지 못한 오류 (ZeroDivisionError)"


@pytest.mark.parametrize("kind", [WorkError, ItemError])
def test_our_own_errors_pass_as_they_are(kind: type[WorkError]) -> None:
    error = kind(FailureKind.DATA, "이미지가 없습니다")
    assert translate(error) is error


def test_the_browsers_own_line_says_why_it_did_not_start() -> None:
    error = PlaywrightError(
        "BrowserType.launch: Target page, context or browser has been closed\nCall log:\n"
        "  - <launching> chromium --headless\n"
        "  - [pid=12][err] [1123/070518.5:ERROR:host.cc:103] No usable sandbox!\n"
        "  - [pid=12] <kill>\n"
    )
    assert launch_problem(error) == "No usable sandbox!"


def test_a_silent_browser_leaves_playwrights_line() -> None:
    error = PlaywrightError("BrowserType.launch: spawn EACCES\nCall log:\n  - <launching> x\n")
    assert launch_problem(error) == "BrowserType.launch: spawn EACCES"
