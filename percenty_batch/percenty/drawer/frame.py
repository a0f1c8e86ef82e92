"""The product drawer's frame: seven tabs, the float buttons, closing (percenty-site §7)."""

import re
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.traffic import FailedCall
from percenty_batch.percenty.waiting import first_of

_DUPLICATE_NAME = re.compile(r"이미\s*존재하는\s*상품명")
_COPY = re.compile(r"^(copy\s+)?상품 복사$", re.IGNORECASE)
_MOST_ESCAPES = 3
_TOAST_MS = 6000  # Ant Design shows a message for 3 s, a notification for 4.5 s
_MOMENT_MS = 3000
_QUIET_S = 0.1
_SETTLING_S = 0.3  # a call that a click brings about is heard of a little after the click


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """`key` is the tab's `data-node-key`; `ready` a text that shows its content has arrived."""

    key: str
    ready: re.Pattern[str]


NAME = Tab(key="0", ready=re.compile("카테고리 추천 받기"))
OPTIONS = Tab(key="1", ready=re.compile("AI 옵션명 다듬기|옵션 상품등록"))
PRICE = Tab(key="2", ready=re.compile("배송비용 계산기"))
THUMBNAILS = Tab(key="4", ready=re.compile("썸네일 되돌리기"))
DETAIL = Tab(key="5", ready=re.compile("일괄 편집"))
UPLOAD = Tab(key="6", ready=re.compile("쿠팡 개별 업로드"))


class Drawer:
    """One product's open drawer."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.page = page = screen.page
        self.user = screen.user
        self.traffic = screen.traffic
        self._mark = self.traffic.mark()
        # Part of every question to the drawer, so by attribute: roles are computed of all elements.
        tab = page.locator('[role="tab"]').filter(visible=True)
        self.body = page.locator('[role="dialog"]').filter(has=tab)
        self._name_question = (
            page.locator(".ant-modal-confirm").filter(visible=True).filter(has_text=_DUPLICATE_NAME)
        )

    async def wait_open(self) -> None:
        await self.body.locator('.ant-tabs-tab[data-node-key="0"]').wait_for()

    async def is_open(self) -> bool:
        return await self.body.is_visible()

    async def open_tab(self, tab: Tab) -> None:
        """Open a tab and wait for its content."""
        button = self.body.locator(f'.ant-tabs-tab[data-node-key="{tab.key}"]').get_by_role("tab")
        if await button.get_attribute("aria-selected") != "true":
            selected = button.and_(self.page.locator('[aria-selected="true"]'))
            await self.user.click_until(button, selected)
        await self.body.get_by_text(tab.ready).filter(visible=True).first.wait_for()

    @property
    def error_toasts(self) -> Locator:
        """What the site says of an error, in sight."""
        return self.page.locator(
            ".ant-message-error, .ant-message-notice-error, .ant-notification-notice-error"
        ).filter(visible=True)

    async def saved(self) -> None:
        """Wait until the site answered every change; raise ItemError when it did not take one."""
        await self.screen.saved()
        await self._check_toasts()
        if refused := self._refused():
            raise ItemError(FailureKind.SITE_ERROR, f"사이트 오류: {refused[0]}")

    async def save(self) -> None:
        """Click 저장하기 where it can be clicked: autosave alone was never proved to suffice.

        The answer to an autosave may disable it, even while it is being clicked.
        The question for another name may come first, and then lies over the button. One that the
        click brings about is waited for: a key pressed meanwhile would have the name saved, and
        refused, a second time.
        """
        await self.screen.idle(_QUIET_S)
        button = self.body.get_by_role("button", name="저장하기", exact=True).first
        await first_of(self.user.click_passing(button), self._name_question.last.wait_for())
        await self.screen.idle(_SETTLING_S)
        await self._is_asked_soon()

    async def close(self) -> bool:
        """Close the drawer. False when the site asks for another name first (duplicate name).

        Raises ItemError when the site did not take a change.
        """
        for _ in range(_MOST_ESCAPES):
            if await self.is_name_refused():
                return False
            if not await self.is_open():
                break
            await self._escape()
        if await self.is_name_refused():
            return False
        await self.body.wait_for(state="hidden")
        await self.screen.saved()
        if await self._is_asked_soon():
            return False
        await self.saved()
        return True

    async def is_name_refused(self) -> bool:
        return await self._name_question.count() > 0

    async def accept_name_refusal(self, mark: int) -> None:
        """Answer every duplicate-name question with 확인.

        The refusals of changes since `mark` (of the traffic, before the name was written) are
        the site's way to ask.
        """
        while await self.is_name_refused():
            button = self._name_question.last.get_by_role("button", name="확인", exact=True)
            handle = await button.element_handle()
            await self.user.click(button)
            await handle.wait_for_element_state("hidden")
            await self.screen.idle(_SETTLING_S)
        self.traffic.excuse(mark)
        # The refusal may have been told by a toast as well, which is no other error.
        with suppress(PlaywrightTimeoutError):
            await self.error_toasts.first.wait_for(state="hidden", timeout=_TOAST_MS)

    async def delete_product(self) -> None:
        """Delete the product for good: 삭제, then the confirmation that is titled 상품 삭제."""
        button = self.body.locator('button[class*="dangerous"]')
        named = button.and_(self.body.get_by_role("button", name=_button("삭제")))
        await self.user.click(named.last)
        question = (
            self.page.get_by_role("dialog")
            .filter(has_text="상품 삭제")
            .filter(has_not=self.page.get_by_role("tab"))
        )
        await question.wait_for()
        answer = question.get_by_role("button", name=_button("상품 삭제|삭제|확인"))
        await self.user.click(answer.last)
        await question.wait_for(state="hidden")
        await self.saved()
        await self.close()

    async def copy_product(self) -> None:
        """Click 상품 복사 once; the list alone tells how many copies came of it."""
        taken, begun = self.traffic.changes_taken, self.traffic.calls_begun
        button = self.body.get_by_role("button", name=_COPY)
        await self.user.click(button.last)
        await self.screen.settled(begun)
        if await self._answer_copy_dialog():  # it may ask first
            await self.screen.idle(_SETTLING_S)
        await self.saved()
        await self._answer_copy_dialog()  # or tell afterwards, and lie over the drawer
        if self.traffic.changes_taken == taken:
            raise ItemError(
                FailureKind.SITE_ERROR, "상품 복사가 확인되지 않았습니다", effect_unknown=True
            )

    async def _answer_copy_dialog(self) -> bool:
        """Say yes to a dialog that is about the copy; False when there is none.

        One that tells that the copying is under way leaves by itself, or gets its button late.
        """
        dialog = self.page.locator(".ant-modal").filter(visible=True, has_text="복사")
        if not await dialog.count():
            return False
        button = dialog.last.locator(".ant-btn-primary").last
        await first_of(button.wait_for(), dialog.last.wait_for(state="hidden"))
        await self.user.click_passing(button)
        await dialog.last.wait_for(state="hidden")
        return True

    async def _escape(self) -> None:
        """Press Escape inside the drawer, and give it a moment to leave or to ask.

        It may already be leaving by itself: then its tabs can no longer take the key.
        """
        closed = self.page.locator("body").filter(has_not=self.body.filter(visible=True))
        with suppress(PlaywrightTimeoutError):
            tab = self.body.get_by_role("tab", selected=True)
            await self.user.press(tab, "Escape", timeout_ms=_MOMENT_MS)
            await self._name_question.or_(closed).first.wait_for(timeout=_MOMENT_MS)

    async def _is_asked_soon(self) -> bool:
        """A refused change (4xx) is answered before its question is drawn."""
        if any(call.status < 500 for call in self._refused()):
            with suppress(PlaywrightTimeoutError):
                await self._name_question.last.wait_for()
        return await self.is_name_refused()

    def _refused(self) -> list[FailedCall]:
        return [call for call in self.traffic.failed_since(self._mark) if call.is_change]

    async def _check_toasts(self) -> None:
        texts = await self.error_toasts.all_inner_texts()
        if texts := [text for text in texts if text.strip()]:
            raise ItemError(FailureKind.SITE_ERROR, f"사이트 오류: {' '.join(texts[0].split())}")


def _button(words: str) -> re.Pattern[str]:
    """A button's whole name, with or without an icon's label before it."""
    return re.compile(rf"^(delete\s+)?({words})$", re.IGNORECASE)
