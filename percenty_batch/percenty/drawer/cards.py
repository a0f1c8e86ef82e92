"""Image cards: a picture and its actions as texts, which are spans on some tabs (percenty-site §7).

A card is known by one action that no other part of its surroundings has; its other actions,
above all 삭제, are looked for inside the card only, for the drawer's own 삭제 deletes the product.
"""

from playwright.async_api import Locator

_PICTURES = """(marks, card) => marks.map(mark => {
    const found = document.evaluate(card, mark, null, XPathResult.FIRST_ORDERED_NODE_TYPE);
    const pictures = found.singleNodeValue?.querySelectorAll('img') ?? [];
    return [...pictures].find(each => each.getClientRects().length)?.src ?? '';
})"""


def card_around(mark: str) -> str:
    """XPath of a mark's card: the nearest surroundings with a picture, if the mark is theirs alone.

    A card whose picture is missing is none: what surrounds it next is the list of all cards, or
    the tab.
    """
    marks = f".//*[normalize-space(.)='{mark}'][not(*[normalize-space(.)='{mark}'])]"
    beyond = ".//*[@role='tab' or @role='tabpanel' or @contenteditable]"
    return f"ancestor::*[.//img][1][count({marks})=1][not({beyond})]"


class ImageCards:
    """The cards of one area; positions count from 1. `mark` is the action each card is known by."""

    def __init__(self, scope: Locator, *, mark: str) -> None:
        self._marks = scope.locator(f":text-is('{mark}')").filter(visible=True)
        self._card = card_around(mark)

    async def sources(self) -> tuple[str, ...]:
        """Read the pictures' addresses, in order: what tells one image from another.

        That of a card without a picture is empty.
        """
        return tuple(await self._marks.evaluate_all(_PICTURES, self._card))

    def action(self, position: int, text: str) -> Locator:
        return self.card(position).locator(f":text-is('{text}')").filter(visible=True).first

    def picture(self, position: int) -> Locator:
        return self.card(position).locator("img").first

    def card(self, position: int) -> Locator:
        """The card at this position, or nothing where its picture is missing."""
        return self._marks.nth(position - 1).locator(f"xpath={self._card}")
