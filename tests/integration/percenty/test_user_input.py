import pytest

from percenty_batch.browser import Launcher
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


async def test_a_dialog_is_clicked_when_its_motion_has_ended(launcher: Launcher) -> None:
    async with launcher.session("a", LOG) as session:
        await session.page.set_content(DIALOG)
        await UserInput(session.page).click(session.page.get_by_role("button"))
        assert await session.page.evaluate("said") == ["ant-modal"]
