from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from percenty_batch.browser import fenced
from percenty_batch.errors import LeaseLostError
from tests.unit.jobs.fakes import Recorded


class Thing:
    """Stands for an object of Playwright's: it has an implementation behind it."""

    _impl_obj = object()

    def __init__(self, name: str) -> None:
        self.name = name
        self.calls: list[tuple[str, tuple[object, ...]]] = []

    def __repr__(self) -> str:
        return f"<{self.name}>"

    @property
    def first(self) -> "Thing":
        return self

    def locator(self, selector: str) -> "Thing":
        made = Thing(selector)
        made.calls = self.calls
        return made

    async def all(self) -> list["Thing"]:
        return [self.locator("one"), self.locator("two")]

    async def click(self, *args: object) -> str:
        self.calls.append((self.name, args))
        return "clicked"

    @asynccontextmanager
    async def expect_popup(self) -> AsyncIterator["Told"]:
        yield Told(self.locator("popup"))

    def on(self, event: str, handler: Callable[..., Any]) -> None:
        self.calls.append((event, (handler,)))


class Told:
    """Stands for what Playwright gives while it waits for a page."""

    def __init__(self, page: Thing) -> None:
        self._page = page

    @property
    async def value(self) -> Thing:
        return self._page

    def is_done(self) -> bool:
        return True


class Fence:
    """Notes what is asked; refuses once the account `is_lost`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.is_lost = False

    async def __call__(self, verb: str, target: str) -> None:
        self.asked.append((verb, target))
        if self.is_lost:
            raise LeaseLostError


async def test_every_awaited_call_on_what_comes_from_the_page_asks_the_fence() -> None:
    page, fence = Thing("page"), Fence()
    seen = cast("Any", fenced(page, fence, Recorded().log))

    assert await seen.locator("a").first.click("now") == "clicked"
    for each in await seen.locator("b").all():
        await each.click()

    assert fence.asked == [
        ("click", "<a>"),
        ("all", "<b>"),
        ("click", "<one>"),
        ("click", "<two>"),
    ]
    assert page.calls == [("a", ("now",)), ("one", ()), ("two", ())]


async def test_where_the_fence_refuses_nothing_is_done() -> None:
    page, fence = Thing("page"), Fence()
    fence.is_lost = True
    with pytest.raises(LeaseLostError):
        await cast("Any", fenced(page, fence, Recorded().log)).click()
    assert page.calls == []


async def test_a_page_that_opens_from_the_page_is_fenced_as_well() -> None:
    page, fence = Thing("page"), Fence()
    seen = cast("Any", fenced(page, fence, Recorded().log))
    heard: list[Any] = []

    async with seen.expect_popup() as told:
        pass
    assert told.is_done()
    await (await told.value).click()
    seen.on("popup", heard.append)
    ((_, _), (_, (handler,))) = page.calls
    cast("Any", handler)(Thing("heard"))
    await heard[0].click()

    assert fence.asked == [("click", "<popup>"), ("click", "<heard>")]


def test_it_passes_for_what_it_wraps() -> None:
    seen = fenced(Thing("page"), Fence(), Recorded().log)
    assert isinstance(seen, Thing)
    assert (seen.name, repr(seen)) == ("page", "<page>")


def test_what_a_handler_of_the_users_raises_goes_to_the_accounts_log() -> None:
    def broken(_event: object) -> None:
        raise KeyError("x")

    page, recorded = Thing("page"), Recorded()
    fenced(page, Fence(), recorded.log).on("request", broken)
    ((_, (handler,)),) = page.calls
    cast("Any", handler)(object())
    assert any("예외 발생" in line for line in recorded.lines("error"))
