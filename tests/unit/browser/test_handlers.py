import ast
import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from playwright.async_api import Error as PlaywrightError
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

import percenty_batch.browser
from percenty_batch.browser.handlers import blocked_pattern, guarded

PACKAGE = Path(percenty_batch.browser.__file__).parents[1]
ATTACHING = {"on", "once", "route", "route_web_socket", "expose_function", "expose_binding"}
ATTACHING |= {"add_listener", "add_locator_handler", "route_from_har"}


@pytest.fixture
def capture() -> LogCapture:
    return LogCapture()


@pytest.fixture
def log(capture: LogCapture) -> FilteringBoundLogger:
    bound: FilteringBoundLogger = structlog.wrap_logger(
        None, processors=[capture], wrapper_class=structlog.make_filtering_bound_logger("debug")
    )
    return bound.bind(account="a@example.com")


def attachments(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr=name), args=[_, _, *_]) if name in ATTACHING:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno} .{name}("


def test_only_one_module_attaches_handlers() -> None:
    home = PACKAGE / "browser" / "handlers.py"
    assert list(attachments(home)), "the search itself finds nothing"
    others = [path for path in PACKAGE.rglob("*.py") if path != home]
    assert [found for path in others for found in attachments(path)] == []


def test_every_handler_of_that_module_is_guarded() -> None:
    source = (PACKAGE / "browser" / "handlers.py").read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr=name), args=[_, handler]) if name in ATTACHING:
                assert ast.unparse(handler).startswith("guarded("), f"line {node.lineno}"


def test_a_raising_handler_is_an_error_in_its_accounts_log_and_nowhere_else(
    log: FilteringBoundLogger, capture: LogCapture
) -> None:
    error = ValueError("broken")

    def handler() -> None:
        raise error

    guarded(handler, log)()
    assert capture.entries == [
        {
            "event": "브라우저 처리기에서 예외 발생: ValueError: broken",
            "log_level": "error",
            "account": "a@example.com",
            "exc_info": error,
        }
    ]


async def test_a_raising_async_handler_is_fenced_as_well(
    log: FilteringBoundLogger, capture: LogCapture
) -> None:
    async def handler(value: int) -> None:
        await asyncio.sleep(0)
        raise ValueError(value)

    await guarded(handler, log)(7)
    assert [entry["event"] for entry in capture.entries] == [
        "브라우저 처리기에서 예외 발생: ValueError: 7"
    ]


def test_a_handler_whose_page_has_gone_is_no_error(
    log: FilteringBoundLogger, capture: LogCapture
) -> None:
    def handler() -> None:
        raise PlaywrightError("Target page, context or browser has been closed")

    guarded(handler, log)()
    assert [entry["log_level"] for entry in capture.entries] == ["debug"]


async def test_a_cancellation_passes(log: FilteringBoundLogger) -> None:
    async def handler() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await guarded(handler, log)()


@pytest.mark.parametrize(
    "url",
    [
        "https://channel.io",
        "https://channel.io/",
        "https://cdn.channel.io/plugin/ch-plugin-web.js",
        "HTTPS://CDN.Channel.IO/x",
        "http://a.b.channel.io:8080/x?y#z",
        "https://user:pass@channel.io/",
        "https://channel.io./x",
        "wss://front-ws.channel.io/socket",
        "https://chat-1.example.com/",
    ],
)
def test_a_blocked_host_and_all_below_it_match(url: str) -> None:
    pattern = blocked_pattern(["channel.io", "chat-1.example.com."])
    assert pattern is not None
    assert pattern.search(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.percenty.co.kr/channel.io/x",
        "https://www.percenty.co.kr/?next=https://channel.io/",
        "https://www.percenty.co.kr/#@channel.io",
        "https://mychannel.io/",
        "https://channel.io.example.com/",
        "https://channelxio/",
        "data:text/html,https://channel.io/",
    ],
)
def test_other_hosts_do_not_match(url: str) -> None:
    pattern = blocked_pattern(["channel.io"])
    assert pattern is not None
    assert not pattern.search(url)


@pytest.mark.parametrize("hosts", [(), ("",), (".",)])
def test_no_hosts_block_nothing(hosts: tuple[str, ...]) -> None:
    assert blocked_pattern(hosts) is None
