"""The tab 옵션 (percenty-site §7)."""

import re
from collections.abc import Sequence

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.frame import OPTIONS, Drawer
from percenty_batch.percenty.drawer.slow_work import carry_out

_TOTAL = re.compile(r"총\s*([\d,]+)\s*개")
_SELECTED = re.compile(r"선택\s*([\d,]+)\s*개\s*옵션명")
_REMOVE = re.compile(r"^(delete\s+)?옵션 삭제$")
_REFINE = re.compile("AI 옵션명 다듬기$")
_REFINEMENT = ("AI 옵션명 다듬기가", "AI 옵션명 다듬기")
_SETTLING_S = 0.3  # a call that a click brings about is heard of a little after the click
# Names stand beside their `n/25`. Of a button: those of the nearest surrounding that has any.
_NAMES = r"""(element, isButton) => {
    const namesIn = part => [...part.querySelectorAll('*')]
        .filter(each => each.getClientRects().length && each.childElementCount === 0
            && /^\d+\s*\/\s*25$/.test(each.textContent.trim()))
        .map(count => {
            let field = count;
            while (field && !field.querySelector('input[type=text], input:not([type])')) {
                field = field.parentElement;
            }
            return field?.querySelector('input[type=text], input:not([type])').value ?? '';
        });
    let part = element;
    while (isButton && part.parentElement && !namesIn(part).length) part = part.parentElement;
    return namesIn(part);
}"""
_NUMBER = re.compile(r"\d+")
_LENGTH = re.compile(r"^\s*\d+\s*/\s*25\s*$")


class OptionsTab:
    """Reads how many options a product has, and has the site name them."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer

    async def count(self) -> int:
        """Count the options once two readings agree; zero only after a silence of the site.

        Where the site prints the number was never recorded (percenty-steps, step 1.4), so the
        cards themselves (`n/25` beside each name, 옵션 삭제) are counted, and the texts read.
        """
        await self._drawer.open_tab(OPTIONS)
        before = -1
        for silence_s in (0.0, 0.2, 1.0, 2.0, 4.0):
            await self._drawer.screen.idle(silence_s)
            count = await self._read()
            if count == before and (count or silence_s >= 1.0):
                break
            before = count
        else:
            raise ItemError(FailureKind.PAGE_CHANGED, "옵션 개수가 계속 바뀝니다")
        if not count and await self._has_options():
            raise ItemError(FailureKind.PAGE_CHANGED, "옵션 개수를 읽을 수 없습니다")
        return count

    async def has_options(self) -> bool:
        """Open the tab and tell whether the product is sold with options (옵션 상품등록)."""
        await self._drawer.open_tab(OPTIONS)
        await self._drawer.screen.idle(_SETTLING_S)
        return await self._has_options()

    async def names(self) -> list[str]:
        """Read the options' names, those beside their `n/25`, once two readings agree.

        Raises ItemError where there are none.
        """
        before: list[str] = []
        for silence_s in (0.1, 0.3, 1.0, 2.0):
            await self._drawer.screen.idle(silence_s)
            names: list[str] = await self._drawer.body.evaluate(_NAMES, False)
            if names and names == before:
                return names
            before = names
        raise ItemError(FailureKind.PAGE_CHANGED, "옵션명을 읽을 수 없습니다")

    async def refine(self, *, limit_s: float) -> None:
        """Have the site's AI name the options, and wait for the end; raises ItemError without.

        Each option type has tools of its own: where there are several, each is asked.
        """
        body = self._drawer.body
        buttons = body.get_by_role("button", name=_REFINE).filter(visible=True)
        await buttons.first.wait_for()
        for position in range(await buttons.count()):
            button = buttons.nth(position)
            await carry_out(self._drawer, button, body, work=_REFINEMENT, limit_s=limit_s)

    async def number(self, named: Sequence[str]) -> None:
        """Click each option type's 1-99, and see the names begin with their numbers.

        `named`: all names as they were before; a type whose names are others is numbered already.
        """
        body = self._drawer.body
        buttons = body.get_by_role("button", name="1-99", exact=True).filter(visible=True)
        await buttons.first.wait_for()
        read_count = 0
        for position in range(await buttons.count()):
            button = buttons.nth(position)
            names: list[str] = await button.evaluate(_NAMES, True)
            if names == list(named[read_count : read_count + len(names)]):
                await self._drawer.user.click(button)
                await self._drawer.screen.idle(_SETTLING_S)
                await self._drawer.saved()
            read_count += len(names)
        if not are_numbered(await self.names()):
            raise ItemError(FailureKind.SITE_ERROR, "옵션명에 번호가 붙지 않았습니다")

    async def _read(self) -> int:
        body = self._drawer.body
        cards = await body.get_by_role("button", name=_REMOVE).count()
        names = await body.get_by_text(_LENGTH).filter(visible=True).count()
        texts = body.get_by_text(re.compile(r"\d\s*개")).filter(visible=True)
        told = [count for text in await texts.all_inner_texts() for count in _told(text)]
        return max(cards, names, *told, 0)

    async def _has_options(self) -> bool:
        radio = self._drawer.body.get_by_role("radio", name="옵션 상품등록")
        return await radio.count() > 0 and await radio.first.is_checked()


def are_numbered(names: Sequence[str]) -> bool:
    """Whether each name begins with its number, as 1-99 leaves it.

    Each option type begins with 1, or goes on from the one before.
    """
    expected = 1
    for name in names:
        found = _NUMBER.match(name.strip())
        if found is None or int(found[0]) not in (1, expected):
            return False
        expected = int(found[0]) + 1
    return expected > 1


def _told(text: str) -> list[int]:
    counts = [*_TOTAL.findall(text), *_SELECTED.findall(text)]
    return [int(count.replace(",", "")) for count in counts]
