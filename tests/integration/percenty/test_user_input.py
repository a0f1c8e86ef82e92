import re
from functools import partial

import pytest
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.browser import Launcher
from percenty_batch.percenty import user_input
from percenty_batch.percenty.overlays import clear_the_way
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.traffic import Traffic
from percenty_batch.percenty.user_input import UserInput
from tests.integration.percenty.lists import LOG

pytestmark = pytest.mark.asyncio(loop_scope="module")

# As Ant Design's dialogs do: it comes with a motion, and a click on the way is lost.
DIALOG = """
<div class="ant-modal ant-zoom-appear"><button>확인</button></div>
<script>
    const dialog = document.querySelector("div");
    const said = [];
    dialog.querySelector("button").onclick = () => said.push(dialog.className);
    setTimeout(() => { dialog.className = "ant-modal"; }, 300);
</script>
"""
# As Ant Design's notifications do: it comes where the mouse rests, and stays while it does.
NOTICE = """
<button id="again" onclick="tell()">새로고침</button>
<script>
    const said = [];
    const tell = () => {
        said.push("asked");
        const wrapper = document.createElement("div");
        wrapper.className = "ant-notification-notice-wrapper";
        wrapper.style = "position: fixed; inset: 0; padding-top: 200px";
        wrapper.innerHTML = `<div class="ant-notification-notice">완료되었습니다
            <a class="ant-notification-notice-close">x</a></div>`;
        wrapper.querySelector("a").onclick = () => { said.push("closed"); wrapper.remove(); };
        document.body.append(wrapper);
    };
</script>
"""


async def test_a_notice_that_the_mouse_holds_over_the_target_is_closed(launcher: Launcher) -> None:
    async with launcher.session("a", LOG) as session:
        page, user = session.page, UserInput(session.page)
        screen = Screen(page=page, traffic=Traffic("x.example"), user=user, timeout_s=20.0)
        user.keep_clear(partial(clear_the_way, screen))
        await page.set_content(NOTICE)
        for _ in range(2):
            await user.click(page.locator("#again"))
        assert await page.evaluate("said") == ["asked", "closed", "asked"]


async def test_a_click_that_was_lost_is_made_again(launcher: Launcher) -> None:
    async with launcher.session("a", LOG) as session:
        page = session.page
        await page.set_content("<button onclick='this.className += 1'>위메프</button>")
        await UserInput(page).click_until(page.get_by_role("button"), page.locator("[class='11']"))
        assert await page.locator("button").get_attribute("class") == "11"


async def test_a_dialog_is_clicked_when_its_motion_has_ended(launcher: Launcher) -> None:
    async with launcher.session("a", LOG) as session:
        await session.page.set_content(DIALOG)
        await UserInput(session.page).click(session.page.get_by_role("button"))
        assert await session.page.evaluate("said") == ["ant-modal"]


@pytest.fixture
def short_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_input, "_PASSING_MS", 300)


@pytest.mark.usefixtures("short_moment")
@pytest.mark.parametrize(
    "passing",
    ["button.disabled = true", "button.remove()", "button.style.display = 'none'"],
)
async def test_what_passes_before_the_click_is_not_clicked(
    launcher: Launcher, passing: str
) -> None:
    async with launcher.session("a", LOG) as session:
        await session.page.set_content("<button>저장하기</button>")
        button = session.page.get_by_role("button").first

        async def pass_by() -> None:  # right after it was seen to be there
            await button.evaluate(f"button => {passing}")

        user = UserInput(session.page, pass_by)
        assert not await user.click_passing(button)
        assert not await user.click_passing(button)
        assert len(user.last_actions) == 1


@pytest.mark.usefixtures("short_moment")
async def test_what_stays_and_takes_no_click_is_a_failure(launcher: Launcher) -> None:
    async with launcher.session("a", LOG) as session:
        cover = '<div style="position: fixed; inset: 0"></div>'
        await session.page.set_content(f"<button>저장하기</button>{cover}")
        session.page.set_default_timeout(300)
        user, button = UserInput(session.page), session.page.get_by_role("button")

        with pytest.raises(PlaywrightTimeoutError, match=re.escape("intercepts pointer events")):
            await user.click_passing(button)

        await session.page.locator("div").evaluate("cover => cover.remove()")
        assert await user.click_passing(button)
