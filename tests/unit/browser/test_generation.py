import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import structlog
from playwright.async_api import Error as PlaywrightError
from structlog.testing import LogCapture

from percenty_batch.browser.generation import Generation
from percenty_batch.errors import CannotRunError, FailureKind, WorkError
from percenty_batch.settings import BrowserSettings

LIMIT_S = 20.0  # no test measures time; this only ends a test that would hang
PROBE_S = 0.02
CLOSED = PlaywrightError("CDPSession.send: Target page, context or browser has been closed")


class FakeChromium:
    """Answers, raises, or keeps silent so many times."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.silences = 0.0
        self.has_ended = False

    async def count_contexts(self) -> int:
        if self.error is not None:
            raise self.error
        if self.silences > 0:
            self.silences -= 1
            await asyncio.Event().wait()
        return 3


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> FakeChromium:
    fake = FakeChromium()

    @asynccontextmanager
    async def running(*_: object) -> AsyncIterator[FakeChromium]:
        try:
            yield fake
        finally:
            fake.has_ended = True

    monkeypatch.setattr("percenty_batch.browser.generation.running_chromium", running)
    return fake


@pytest.fixture
def capture() -> LogCapture:
    return LogCapture()


@pytest.fixture
async def begin(capture: LogCapture) -> AsyncIterator[Callable[..., Generation]]:
    begun: list[Generation] = []
    log = structlog.wrap_logger(None, processors=[capture])

    def make(on_lost: Callable[[Generation], object] = lambda _: None) -> Generation:
        settings = BrowserSettings(probe_timeout_s=PROBE_S)
        begun.append(Generation(settings, log, "browser", on_lost))
        return begun[-1]

    async with asyncio.timeout(LIMIT_S):
        yield make
        for generation in begun:
            await generation.end()


Begin = Callable[..., Generation]


async def test_one_late_answer_is_forgiven_and_two_are_not(
    begin: Begin, chromium: FakeChromium, capture: LogCapture
) -> None:
    lost: list[Generation] = []
    generation = begin(lost.append)
    await generation.chromium()
    await asyncio.sleep(0)  # its own first probe has its answer
    chromium.silences = 1
    assert await generation.check()
    chromium.silences = float("inf")
    assert not await generation.check()
    assert lost == [generation]
    assert [e["event"] for e in capture.entries] == [
        "브라우저가 0.04초 동안 응답하지 않아 강제로 종료합니다"
    ]


async def test_a_silent_browser_is_found_without_being_asked(
    begin: Begin, chromium: FakeChromium
) -> None:
    is_lost = asyncio.Event()
    generation = begin(lambda _: is_lost.set())
    await generation.chromium()
    chromium.silences = float("inf")
    await is_lost.wait()
    await generation.end()
    assert chromium.has_ended


async def test_a_closed_browser_is_lost_at_once_and_only_once(
    begin: Begin, chromium: FakeChromium, capture: LogCapture
) -> None:
    lost: list[Generation] = []
    generation = begin(lost.append)
    await generation.chromium()
    chromium.error = CLOSED
    assert [await generation.check(), await generation.check()] == [False, False]
    assert lost == [generation]
    assert len(capture.entries) == 1


async def test_a_retired_one_ends_with_its_last_session(
    begin: Begin, chromium: FakeChromium
) -> None:
    generation = begin()
    await generation.chromium()
    generation.enter()
    generation.enter()
    generation.retire()
    generation.leave()
    assert [generation.is_over, chromium.has_ended] == [False, False]
    generation.leave()
    assert [generation.is_over, chromium.has_ended] == [True, False]
    await generation.end()
    assert chromium.has_ended
    assert generation.opened == 2


async def test_contexts_are_counted_only_while_it_serves(
    begin: Begin, chromium: FakeChromium
) -> None:
    generation = begin()
    assert await generation.count_contexts() == 0
    await generation.chromium()
    assert await generation.count_contexts() == 3
    await generation.end()
    assert await generation.count_contexts() == 0


async def test_what_is_guarded_fails_when_the_browser_is_killed(
    begin: Begin, chromium: FakeChromium
) -> None:
    generation = begin()
    await generation.chromium()

    async def be_killed() -> None:
        async with generation.guard():
            await generation.kill(grace_s=0)
            await asyncio.Event().wait()

    with pytest.raises(WorkError) as caught:
        await be_killed()
    assert caught.value.kind is FailureKind.BROWSER_CRASHED


async def test_a_guard_changes_neither_results_nor_errors_of_its_block(
    begin: Begin, chromium: FakeChromium
) -> None:
    generation = begin()
    await generation.chromium()
    for error in (ValueError("ours"), TimeoutError("ours")):
        with pytest.raises(type(error), match="ours"):
            async with generation.guard():
                raise error
    async with generation.guard():
        await generation.kill(grace_s=LIMIT_S)


async def test_a_second_kill_does_not_disturb_what_ends_already(
    begin: Begin, chromium: FakeChromium
) -> None:
    generation = begin()
    await generation.chromium()

    async def end_slowly() -> None:
        async with generation.guard():
            try:
                await asyncio.Event().wait()
            finally:
                await generation.kill(grace_s=0)

    ending = asyncio.create_task(end_slowly())
    await asyncio.sleep(0)
    await generation.kill(grace_s=0)
    with pytest.raises(WorkError):
        await ending


async def test_one_that_is_killed_while_it_starts_never_runs(
    begin: Begin, chromium: FakeChromium
) -> None:
    generation = begin()
    await generation.kill(grace_s=0)
    with pytest.raises(CannotRunError):
        await generation.chromium()
    assert generation.is_over
