import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import cast

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page

from percenty_batch.errors import LeaseLostError, LedgerError, PercentyBatchError
from percenty_batch.percenty.user_input import UserInput

Act = Callable[[UserInput, Locator], Awaitable[None]]

ACTIONS: dict[str, Act] = {
    "goto": lambda user, _: user.go_to("https://www.percenty.co.kr/"),
    "click": lambda user, target: user.click(target),
    "fill": lambda user, target: user.fill(target, "이름"),
    "press": lambda user, target: user.press(target, "Tab"),
    "evaluate": lambda user, target: user.run(target, "e => e.click()", what="닫기"),
}


class Target:
    """A page or a locator that writes down what is done to it."""

    def __init__(
        self, done: list[str], selector: str = "internal:role=button", *, comes_late: bool = False
    ) -> None:
        self._done = done
        self._selector = selector
        self._comes_late = comes_late

    def __str__(self) -> str:
        return f"<Locator frame=<Frame name= url='https://x/'> selector='{self._selector}'>"

    async def goto(self, _url: str, **_options: object) -> None:
        self._done.append("goto")

    async def click(self, **_options: object) -> None:
        self._done.append("click")

    async def fill(self, _text: str) -> None:
        self._done.append("fill")

    async def press(self, _key: str, **_options: object) -> None:
        self._done.append("press")

    async def wait_for(self, **_options: object) -> None:
        self._done.append("wait")

    async def evaluate(self, _script: str) -> None:
        self._done.append("evaluate")

    async def evaluate_all(self, _script: str) -> bool:
        self._done.append("rest")
        return "wait" in self._done or not self._comes_late


def page_of(done: list[str]) -> Page:
    return cast("Page", Target(done))


def target_of(done: list[str], selector: str = "internal:role=button") -> Locator:
    return cast("Locator", Target(done, selector))


@pytest.mark.parametrize("name", ACTIONS)
async def test_each_action_passes_the_fence_first(name: str) -> None:
    done: list[str] = []

    async def fence() -> None:
        await asyncio.sleep(1)
        done.append("fence")

    await ACTIONS[name](UserInput(page_of(done), fence), target_of(done))
    assert [each for each in done if each != "rest"] == ["fence", name]


async def test_a_click_waits_until_what_it_clicks_has_come_to_rest() -> None:
    done: list[str] = []
    await UserInput(page_of(done)).click(target_of(done))
    assert done == ["rest", "click"]


async def test_what_is_not_there_yet_is_waited_for_and_then_has_to_come_to_rest_too() -> None:
    done: list[str] = []
    late = cast("Locator", Target(done, comes_late=True))
    await UserInput(page_of(done)).click(late)
    assert done == ["rest", "wait", "rest", "click"]


@pytest.mark.parametrize(
    ("name", "wanted"), [("fill", ["clear", "fill"]), ("click", ["rest", "click"])]
)
async def test_the_page_is_cleared_before_what_is_typed_and_for_a_click_only_when_it_is_held_up(
    name: str, wanted: list[str]
) -> None:
    done: list[str] = []
    user = UserInput(page_of(done))

    async def clear() -> None:
        done.append("clear")

    user.keep_clear(clear)
    await ACTIONS[name](user, target_of(done))

    assert done == wanted


async def test_what_comes_over_the_page_while_an_action_is_held_up_is_cleared_as_well() -> None:
    done: list[str] = []
    covered = asyncio.Event()
    user = UserInput(page_of(done))

    async def clear() -> None:
        done.append("clear")
        if len(done) == 3:
            covered.set()

    class Covered(Target):
        async def fill(self, text: str) -> None:
            await covered.wait()
            await super().fill(text)

    user.keep_clear(clear)
    await user.fill(cast("Locator", Covered(done)), "이름")

    assert done == ["clear", "clear", "clear", "fill"]


@pytest.mark.parametrize("error", [PlaywrightError("gone"), LeaseLostError()])
async def test_a_page_that_cannot_be_cleared_is_the_actions_to_tell(error: Exception) -> None:
    done: list[str] = []
    user = UserInput(page_of(done))

    async def clear() -> None:
        raise error

    user.keep_clear(clear)
    await user.fill(target_of(done), "이름")

    assert done == ["fill"]


async def test_a_page_that_never_answers_holds_up_no_action() -> None:
    done: list[str] = []
    user = UserInput(page_of(done))

    async def clear() -> None:
        await asyncio.Event().wait()

    user.keep_clear(clear)
    await user.fill(target_of(done), "이름")

    assert done == ["fill"]


@pytest.mark.parametrize("refusal", [LeaseLostError(), LedgerError("원장에 쓸 수 없습니다")])
@pytest.mark.parametrize("name", ACTIONS)
async def test_a_refused_action_is_not_made_and_not_remembered(
    name: str, refusal: PercentyBatchError
) -> None:
    done: list[str] = []

    async def fence() -> None:
        raise refusal

    user = UserInput(page_of(done), fence)
    with pytest.raises(type(refusal)) as caught:
        await ACTIONS[name](user, target_of(done))
    assert (caught.value, user.refusal, user.refused.is_set()) == (refusal, refusal, True)
    assert (done, user.last_actions) == ([], ())


async def test_an_action_is_told_with_its_time_its_target_and_its_text() -> None:
    user = UserInput(page_of([]))
    await user.fill(target_of([], 'internal:role=dialog >> input[name="메모"]'), "G11")
    (told,) = user.last_actions
    pattern = r"\d\d:\d\d:\d\d\.\d{6} 입력 role=dialog >> input\[name=\"메모\"\] ← 'G11'"
    assert re.fullmatch(pattern, told)


async def test_a_secret_is_never_remembered() -> None:
    user = UserInput(page_of([]))
    await user.fill(target_of([]), "hunter2", is_secret=True)
    assert "hunter2" not in repr(vars(user)) + "".join(user.last_actions)


async def test_long_texts_are_cut_and_only_the_last_actions_are_kept() -> None:
    user = UserInput(page_of([]))
    for number in range(40):
        await user.fill(target_of([], "s" * 300), f"{number} {'가' * 5000}")
    told = user.last_actions
    assert (len(told), max(map(len, told)) < 320) == (30, True)
    assert ["← '10 가" in told[0], "← '39 가" in told[-1]] == [True, True]
