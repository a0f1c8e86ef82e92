"""The dialog 상품 그룹핑/제외하기 behind 그룹 지정 (percenty-site §6)."""

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.groups import group_pattern
from percenty_batch.percenty.screen import Screen


class GroupDialog:
    """Assigns a group to the products that are selected in the list."""

    def __init__(self, screen: Screen) -> None:
        self._user = screen.user
        self._dialog = screen.page.get_by_role("dialog").filter(has_text="상품 그룹핑/제외하기")

    async def assign(self, group: str) -> str:
        """Choose the group and confirm; returns the site's own label once the dialog is gone."""
        await self._dialog.wait_for()
        switch = self._dialog.get_by_role("switch")
        if await switch.get_attribute("aria-checked") != "true":
            await self._user.click(switch)
        label = self._dialog.locator("label.ant-radio-wrapper").filter(
            has_text=group_pattern(group)
        )
        await self._dialog.locator("label.ant-radio-wrapper").first.wait_for()
        if not await label.count():
            raise WorkError(FailureKind.DATA, f"그룹 지정 창에 '{group}' 그룹이 없습니다")
        text = (await label.first.inner_text()).strip()
        await self._user.click(label.first)
        await self._user.click(self._dialog.get_by_role("button", name="확인", exact=True))
        await self._dialog.wait_for(state="hidden")
        return text
