"""What a tab of 마켓 설정 shows: its badge, its inputs, its buttons (percenty-site §9 [H]).

The content of a tab is whatever is in sight outside of dialogs and tab heads: whether it stands
in the tab's own panel or below all tabs was never told.
"""

import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page

from percenty_batch.percenty.markets import Market

DISCONNECT = re.compile(r"^\s*API\s*연결\s*끊기\s*$")
VERIFY = re.compile(r"^\s*API\s*검증\s*$")
ADD_PROFILE = re.compile(r"^\s*배송\s*프로필\s*추가\s*$")
_OUTSIDE = ":not([role=dialog] *):not([role=tablist] *)"
_INPUTS = f'input[placeholder="미설정"]{_OUTSIDE}'

# An input is told by its own label, else by the nearest text before it that is in no button and
# no badge. `verify` is the number of the first button API 검증 after it, else of the last one.
# A badge stands in the content or, for want of one there, in the tab's head. Whoever waits
# (`isWaiting`) waits for 검증 완료.
_READ = r"""([key, isWaiting]) => {
    const text = element => (element?.innerText ?? '').replace(/\s+/g, ' ').trim();
    const inSight = element => element.getClientRects().length
        && !element.closest('[role=dialog], [role=tablist]');
    const badgeOf = words => (/^(API ?)?검증 ?(완료|필요)$/.exec(words) ?? [])[2];
    const head = document.querySelector(`[data-node-key="${key}"]`);
    const here = [...document.querySelectorAll('span, div, p, sup, label')]
        .filter(element => element.textContent.length < 20 && inSight(element))
        .map(element => badgeOf(text(element))).filter(Boolean);
    const badges = here.length ? here : text(head).match(/(?<=검증 ?)(완료|필요)/g) ?? [];
    const buttons = [...document.querySelectorAll('button')]
        .filter(button => inSight(button) && /^API ?검증$/.test(text(button)));
    const before = input => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        walker.currentNode = input;
        for (let node = walker.previousNode(); node; node = walker.previousNode()) {
            const words = node.data.replace(/\s+/g, ' ').trim();
            const owner = node.parentElement;
            if (words && inSight(owner) && !owner.closest('button') && !badgeOf(words)) {
                return words;
            }
        }
        return '';
    };
    const follows = (input, button) =>
        input.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING;
    const read = input => {
        const next = buttons.findIndex(button => follows(input, button));
        return {
            label: input.getAttribute('aria-label')
                || text([...(input.labels ?? [])].find(each => text(each)))
                || text(input.closest('.ant-form-item')?.querySelector('.ant-form-item-label'))
                || before(input),
            is_filled: input.value.trim() !== '',
            verify: next < 0 ? buttons.length - 1 : next,
        };
    };
    const badge = badges.includes('필요') ? false : badges.includes('완료') ? true : null;
    if (isWaiting && !badge) return null;
    const inputs = [...document.querySelectorAll('input[placeholder="미설정"]')].filter(inSight);
    return { badge, inputs: inputs.map(read) };
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInput:
    """One input: its label, whether it holds anything, and the number of its button API 검증."""

    label: str
    is_filled: bool
    verify: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketState:
    """What a tab shows. `badge`: 검증 완료 is True, 검증 필요 False, neither None."""

    badge: bool | None
    inputs: tuple[KeyInput, ...]

    @property
    def is_connected(self) -> bool:
        """Whether an upload could reach the market. A key that nobody verified does not count."""
        return any(each.is_filled for each in self.inputs) if self.badge is None else self.badge

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing at all to disconnect."""
        return not self.is_connected and not any(each.is_filled for each in self.inputs)


class MarketPane:
    """The content of one market's tab, once it is shown."""

    def __init__(self, page: Page, market: Market) -> None:
        self._page = page
        self._market = market

    async def read(self) -> MarketState:
        seen = await self._page.evaluate(_READ, [self._market.key, False])
        inputs = tuple(KeyInput(**each) for each in seen["inputs"])
        return MarketState(badge=seen["badge"], inputs=inputs)

    async def verified(self) -> None:
        """Wait without limit for the badge 검증 완료."""
        await self._page.wait_for_function(
            _READ, arg=[self._market.key, True], timeout=0, polling=200
        )

    def input(self, position: int) -> Locator:
        return self._page.locator(_INPUTS).filter(visible=True).nth(position)

    def buttons(self, name: re.Pattern[str]) -> Locator:
        buttons = self._page.locator(f"button{_OUTSIDE}")
        return buttons.filter(has_text=name).filter(visible=True)

    @property
    def arrived(self) -> Locator:
        """Whatever shows that the content has arrived."""
        inputs = self._page.locator(_INPUTS).filter(visible=True)
        return self.buttons(DISCONNECT).or_(self.buttons(VERIFY)).or_(inputs).first
