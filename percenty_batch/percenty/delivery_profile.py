"""The drawer 11번가 배송 프로필 추가 of 마켓 설정 (percenty-site §9 [H])."""

import re

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.notices import Notices
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.select import choose
from percenty_batch.percenty.waiting import first_of

_TITLE = "11번가 배송 프로필 추가"
_CARRIER = "출고 택배사"
# How the page shows a profile that is there was never recorded. Assumed: it names its carrier,
# which nothing else of the tab does.
_SHOWN_PROFILE = re.compile(
    r"(롯데\s*\(현대\)|한진|우체국|로젠|경동|대신|일양)\s*택배|CJ\s*대한통운|합동택배|천일택배"
)


class DeliveryProfileDrawer:
    """Makes 11번가's delivery profile."""

    def __init__(self, screen: Screen) -> None:
        page = screen.page
        self._screen = screen
        self._user = screen.user
        self._drawer = page.get_by_role("dialog").filter(visible=True).filter(has_text=_TITLE).last
        self._profile = page.get_by_text(_SHOWN_PROFILE).and_(
            page.locator(":not([role=dialog] *):not(.ant-select-dropdown *)")
        )

    async def is_open(self) -> bool:
        """Whether the drawer stands open, as it may right after a verification."""
        return await self._drawer.count() > 0

    async def is_needed(self) -> bool:
        """Whether the tab shows no profile yet."""
        return not await self._profile.filter(visible=True).count()

    async def make(self, carrier: str) -> None:
        """Choose the carrier in the open drawer and make the profile, until the drawer is gone.

        Raises WorkError with the site's own words when it refuses.
        """
        await self._drawer.wait_for()
        await self._screen.idle(0.1)
        await choose(self._user, await self._select(), _whole(carrier), carrier)
        notices = await Notices.begin(self._screen.page)
        mark = self._screen.traffic.mark()
        make = self._drawer.get_by_role("button", name=re.compile(r"배송\s*프로필\s*만들기$"))
        await self._user.click(make.last)
        await first_of(
            self._drawer.wait_for(state="hidden"),
            self._screen.traffic.failed_after(mark),
            notices.refused(),
        )
        await self._screen.saved()
        if failed := self._screen.traffic.failed_since(mark):
            raise WorkError(FailureKind.SITE_ERROR, f"사이트 오류: {failed[0]}")
        if words := await notices.refusal():
            raise WorkError(FailureKind.SITE_ERROR, f"배송 프로필을 만들지 못했습니다: {words}")
        await self._drawer.wait_for(state="hidden")

    async def _select(self) -> Locator:
        """The select after its label; the drawer's first one where there is no label."""
        labelled = self._drawer.locator(
            f"xpath=.//*[normalize-space(translate(text(), '*:', '  '))='{_CARRIER}']"
            "/following::*[contains(concat(' ', @class, ' '), ' ant-select ')][1]"
        )
        is_labelled = await labelled.count() > 0
        return (labelled if is_labelled else self._drawer.locator(".ant-select")).first


def _whole(text: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(text)}\s*$")
