"""Image cards: a picture and its actions as texts, which are spans on some tabs (percenty-site §7).

A card is known by one action that no other part of its surroundings has; its other actions,
above all 삭제, are looked for inside the card only, for the drawer's own 삭제 deletes the product.
"""

from playwright.async_api import Locator

_CARD = "xpath=ancestor::*[.//img][1]"
_SOURCES = """marks => marks.map(mark => {
    let card = mark;
    while (card && !card.querySelector('img')) card = card.parentElement;
    return card?.querySelector('img').src ?? '';
})"""


class ImageCards:
    """The cards of one area; positions count from 1. `mark` is the action each card is known by."""

    def __init__(self, scope: Locator, *, mark: str) -> None:
        self._marks = scope.locator(f":text-is('{mark}')").filter(visible=True)

    async def count(self) -> int:
        return await self._marks.count()

    async def sources(self) -> tuple[str, ...]:
        """Read the pictures' addresses, in order: what tells one image from another."""
        return tuple(await self._marks.evaluate_all(_SOURCES))

    def action(self, position: int, text: str) -> Locator:
        return self.card(position).locator(f":text-is('{text}')").filter(visible=True).first

    def picture(self, position: int) -> Locator:
        return self.card(position).locator("img").first

    def card(self, position: int) -> Locator:
        return self._marks.nth(position - 1).locator(_CARD)
