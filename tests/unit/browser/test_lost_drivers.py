import asyncio
import gc

import pytest
import structlog
from playwright.async_api import Error as PlaywrightError
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser.lost_drivers import quiet_lost_drivers

CLOSED = PlaywrightError("Page.title: Target page, context or browser has been closed")
LOST = Exception("Connection closed while reading from the driver")


@pytest.fixture
def capture() -> LogCapture:
    return LogCapture()


@pytest.fixture
def log(capture: LogCapture) -> FilteringBoundLogger:
    bound: FilteringBoundLogger = structlog.wrap_logger(
        None, processors=[capture], wrapper_class=structlog.make_filtering_bound_logger("debug")
    )
    return bound


def forget(error: Exception) -> None:
    """Leave a failed future to the garbage collector."""
    asyncio.get_running_loop().create_future().set_exception(error)
    gc.collect()


@pytest.mark.parametrize("error", [LOST, CLOSED])
async def test_what_a_lost_driver_leaves_is_a_line_for_debugging(
    log: FilteringBoundLogger,
    capture: LogCapture,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    quiet_lost_drivers(log)
    forget(error)
    assert [entry["log_level"] for entry in capture.entries] == ["debug"]
    assert str(error) in capture.entries[0]["event"]
    assert caplog.text == ""


async def test_any_other_failure_is_told_by_the_loop_as_ever(
    log: FilteringBoundLogger, capture: LogCapture, caplog: pytest.LogCaptureFixture
) -> None:
    quiet_lost_drivers(log)
    forget(ValueError("ours"))
    asyncio.get_running_loop().call_exception_handler({"message": "without an exception"})
    assert capture.entries == []
    assert "ours" in caplog.text
    assert "without an exception" in caplog.text


async def test_a_handler_that_the_loop_had_before_still_hears_of_the_rest(
    log: FilteringBoundLogger, capture: LogCapture
) -> None:
    heard: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: heard.append(str(context["exception"]))
    )
    for _ in range(3):  # one for each Launcher
        quiet_lost_drivers(log)
    forget(ValueError("ours"))
    forget(LOST)
    assert heard == ["ours"]
    assert len(capture.entries) == 1
