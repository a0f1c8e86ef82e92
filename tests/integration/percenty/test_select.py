import re

import pytest
from playwright.async_api import Locator

from percenty_batch.browser import Launcher
from percenty_batch.errors import WorkError
from percenty_batch.percenty.select import choose
from percenty_batch.percenty.user_input import UserInput
from tests.integration.percenty.lists import LOG

pytestmark = pytest.mark.asyncio(loop_scope="module")

# As Ant Design's select on a busy page: it opens at its last choice, and what comes into sight is
# mounted a good while after the scrolling.
SELECT = """
<div class="ant-select"><div class="ant-select-selector">
    <input role="combobox" readonly><span>고르기</span>
</div></div>
<div class="ant-select-dropdown" hidden>
    <div class="rc-virtual-list-holder" style="height: 256px; overflow-y: auto">
        <div style="position: relative"></div>
    </div>
</div>
<script>
    const list = document.querySelector(".rc-virtual-list-holder");
    const chosen = [];
    const total = $TOTAL;
    list.firstElementChild.style.height = `${total * 32}px`;
    const mount = () => {
        const first = Math.floor(list.scrollTop / 32);
        const options = Array.from({ length: 9 }, (_, n) => first + n).filter(n => n < total);
        list.firstElementChild.replaceChildren(...options.map(n => {
            const option = document.createElement("div");
            option.className = "ant-select-item ant-select-item-option";
            option.style = `position: absolute; top: ${n * 32}px; height: 33px`;
            option.textContent = `그룹${n}`;
            option.onclick = () => chosen.push(option.textContent);
            return option;
        }));
    };
    list.onscroll = () => setTimeout(mount, 400);
    document.querySelector(".ant-select-selector").onclick = () => {
        document.querySelector(".ant-select-dropdown").hidden = false;
        list.scrollTop = list.scrollHeight;
        mount();
    };
</script>
"""


# The last stop moves a list of 50 by a row and a half, one of 49 by half a row.
@pytest.mark.parametrize(("number", "total"), [(3, 50), (20, 50), (49, 50), (48, 49)])
async def test_an_option_is_found_though_it_is_mounted_late(
    launcher: Launcher, number: int, total: int
) -> None:
    text = re.compile(rf"^그룹{number}$")
    async with launcher.session("a", LOG) as session:
        await session.page.set_content(SELECT.replace("$TOTAL", str(total)))
        user, select = UserInput(session.page), session.page.locator(".ant-select")
        assert await choose(user, select, text, f"그룹{number}") == f"그룹{number}"
        assert await session.page.evaluate("chosen") == [f"그룹{number}"]


class Jump(UserInput):
    """The list scrolls to its end by itself, right before what was found in it is clicked."""

    jumps = 0

    async def click(self, target: Locator, *, timeout_ms: float | None = None) -> None:
        if await target.count() and await target.inner_text() == "그룹3":
            self.jumps += 1
            if self.jumps == 1:
                await self._page.evaluate("(list.scrollTop = list.scrollHeight, mount())")
        await super().click(target, timeout_ms=timeout_ms)


async def test_an_option_that_is_scrolled_away_is_looked_for_again(launcher: Launcher) -> None:
    async with launcher.session("a", LOG) as session:
        await session.page.set_content(SELECT.replace("$TOTAL", "50"))
        user, select = Jump(session.page), session.page.locator(".ant-select")
        assert await choose(user, select, re.compile("^그룹3$"), "그룹3") == "그룹3"
        assert (user.jumps, await session.page.evaluate("chosen")) == (2, ["그룹3"])


async def test_an_option_that_there_is_not_is_told(launcher: Launcher) -> None:
    async with launcher.session("a", LOG) as session:
        await session.page.set_content(SELECT.replace("$TOTAL", "50"))
        user, select = UserInput(session.page), session.page.locator(".ant-select")
        with pytest.raises(WorkError, match="'그룹77' 그룹이 없습니다"):
            await choose(user, select, re.compile("^그룹77$"), "그룹77")
