"""A page without a browser, for what its rooms conclude from the site's traffic."""

from typing import Self, cast

from playwright.async_api import Page

from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.traffic import Traffic
from percenty_batch.percenty.user_input import Fence, UserInput, allow_all

URL = "https://api.percenty.co.kr/products"


class AnyLocator:
    """Whatever is looked for: it is there, though not to be counted, and off, and says `texts`."""

    def __init__(self, texts: tuple[str, ...] = ()) -> None:
        self._texts = texts

    def filter(self, **_conditions: object) -> Self:
        return self

    def and_(self, _other: object) -> Self:
        return self

    async def all_inner_texts(self) -> list[str]:
        return list(self._texts)

    async def get_attribute(self, _name: str) -> str:
        return "false"

    @property
    def first(self) -> Self:
        return self

    async def count(self) -> int:
        return 0

    async def evaluate_all(self, _script: str) -> bool:
        return True

    async def click(self, **_options: object) -> None: ...

    async def evaluate(self, _script: str) -> None: ...

    async def wait_for(self, **_options: object) -> None: ...


class FakePage:
    """`shown` is what the page's scripts answer; `texts` are those of every message on it."""

    def __init__(self, *, shown: object = None, texts: tuple[str, ...] = ()) -> None:
        self.shown = shown
        self._texts = texts

    def locator(self, _selector: str) -> AnyLocator:
        return AnyLocator(self._texts)

    def get_by_role(self, _role: str, **_conditions: object) -> AnyLocator:
        return AnyLocator(self._texts)

    async def evaluate(self, _script: str) -> object:
        return self.shown


def screen_of(page: object, traffic: Traffic, *, fence: Fence = allow_all) -> Screen:
    shown = cast("Page", page)
    return Screen(page=shown, traffic=traffic, user=UserInput(shown, fence), timeout_s=20.0)


def signed_in() -> Traffic:
    traffic = Traffic("www.percenty.co.kr")
    traffic.is_signed_in = True
    return traffic


def answer(traffic: Traffic, status: int, *, method: str) -> None:
    traffic.started("call", method=method, url=URL, kind="fetch")
    traffic.answered("call", method=method, url=URL, status=status)
    traffic.ended("call")


def lose(traffic: Traffic, reason: str, *, method: str) -> None:
    traffic.started("call", method=method, url=URL, kind="fetch")
    traffic.lost("call", method=method, url=URL, reason=reason)
