"""마켓 설정: nine tabs, each with its market's keys (percenty-site §9 [H])."""

import re
from collections.abc import Mapping

from playwright.async_api import Locator

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty.delivery_profile import DeliveryProfileDrawer
from percenty_batch.percenty.market_pane import (
    ADD_PROFILE,
    DISCONNECT,
    VERIFY,
    MarketPane,
    MarketState,
)
from percenty_batch.percenty.markets import ELEVENTH, Market, field_positions
from percenty_batch.percenty.screen import Screen
from percenty_batch.percenty.shell import open_menu
from percenty_batch.percenty.verification import Verification, VerificationOutcome, verify

MENU_KEY = "MARKET_SETTING"
_SETTLING_S = 0.1
_SILENCES_S = (0.1, 0.3, 1.0, 2.0)


class MarketSettings:
    """The page 마켓 설정. Keys are typed as secrets."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._page = screen.page
        self._user = screen.user

    async def open(self) -> None:
        """Open the page by its menu."""
        await open_menu(self._screen, MENU_KEY)
        await self._head(ELEVENTH).wait_for()

    async def show(self, market: Market) -> MarketState:
        """Open the market's tab and read what it shows."""
        head = self._head(market)
        if await head.get_attribute("aria-selected") != "true":
            selected = head.and_(self._page.locator('[aria-selected="true"]'))
            await self._user.click_until(head, selected)
        pane = MarketPane(self._page, market)
        await pane.arrived.wait_for()
        await self._screen.idle(_SETTLING_S)
        return await pane.read()

    async def disconnect(self, market: Market) -> bool:
        """Disconnect the market where anything of it is there, and see it gone.

        False when there was nothing. Raises WorkError when the site does not show it gone.
        """
        if (await self.show(market)).is_blank:
            return False
        pane, mark = MarketPane(self._page, market), self._screen.traffic.mark()
        await self._user.click(pane.buttons(DISCONNECT).first)
        await self._confirm_disconnection()
        await self._screen.saved()
        for silence_s in _SILENCES_S:
            await self._screen.idle(silence_s)
            if failed := self._screen.traffic.failed_since(mark):
                raise WorkError(FailureKind.SITE_ERROR, f"사이트 오류: {failed[0]}")
            if not (await pane.read()).is_connected:
                return True
        raise WorkError(
            FailureKind.SITE_ERROR, f"{market.label}: API 연결 끊기가 확인되지 않았습니다"
        )

    async def connect(self, market: Market, values: Mapping[str, str]) -> Verification:
        """Type the market's keys, by the keys of its fields, and have the site verify them.

        Where each key has a button of its own, the first one that is not verified is told.
        Raises WorkError when the market is still connected, so that its badge would prove
        nothing, when the tab lacks inputs, or when the site fails.
        """
        state = await self.show(market)
        if state.is_connected:
            raise WorkError(FailureKind.SITE_ERROR, f"{market.label}: 아직 연결되어 있습니다")
        inputs = state.inputs
        positions = field_positions([each.label for each in inputs], market.fields)
        if positions is None:
            raise WorkError(
                FailureKind.PAGE_CHANGED,
                f"{market.label}: 입력란이 {len(inputs)}개뿐입니다 (필요: {len(market.fields)}개)",
            )
        pane, buttons = MarketPane(self._page, market), set()
        for field, position in zip(market.fields, positions, strict=True):
            if (value := values.get(field.key)) is not None:
                await self._fill(market, pane.input(position), value)
                buttons.add(inputs[position].verify)
        outcome = Verification(outcome=VerificationOutcome.TIMED_OUT)
        for number in sorted(buttons):
            button = pane.buttons(VERIFY).nth(max(number, 0))
            outcome = await verify(self._screen, pane, button)
            if not outcome.is_verified:
                break
        return outcome

    async def add_delivery_profile(self, carrier: str) -> bool:
        """Make 11번가's delivery profile with this carrier; False where there is one already.

        The tab of 11번가 has to be open. The verification may have opened the drawer.
        """
        drawer = DeliveryProfileDrawer(self._screen)
        await self._screen.idle(_SETTLING_S)  # what it has is asked for after the verification
        if not await drawer.is_open():
            button = MarketPane(self._page, ELEVENTH).buttons(ADD_PROFILE)
            if not await drawer.is_needed() or not await button.count():
                return False
            await self._user.click(button.first)
        await drawer.make(carrier)
        return True

    async def _confirm_disconnection(self) -> None:
        """The question has the button's own text, and 취소."""
        name = re.compile(r"^([\w-]+ )?API\s*연결\s*끊기$")
        question = (
            self._page.get_by_role("dialog")
            .filter(visible=True)
            .filter(has=self._page.get_by_role("button", name=name))
            .filter(has=self._page.get_by_role("button", name="취소", exact=True))
            .last
        )
        await self._user.click(question.get_by_role("button", name=name).last)
        await question.wait_for(state="hidden")

    async def _fill(self, market: Market, field: Locator, value: str) -> None:
        await self._user.fill(field, value, is_secret=True)
        if await field.input_value() != value:
            raise WorkError(
                FailureKind.PAGE_CHANGED, f"{market.label}: 입력한 키가 그대로 남지 않았습니다"
            )

    def _head(self, market: Market) -> Locator:
        """The tab by its key, else by its text."""
        by_key = self._page.locator(
            f'[data-node-key="{market.key}"] [role=tab], [data-node-key="{market.key}"][role=tab]'
        )
        title = re.compile(rf"^\s*{re.escape(market.label)}\s*(검증\s*(완료|필요))?\s*$")
        by_text = self._page.get_by_role("tab").filter(has_text=title)
        return by_key.or_(by_text).and_(self._page.locator(":not([role=dialog] *)")).first
