"""When a lot is taken for translated, from what dialog and list say at each look."""

from collections.abc import Sequence
from typing import cast

import pytest

from percenty_batch.percenty import ListedProduct, ProductList, ProductPage, Told, translation_end
from percenty_batch.percenty.translation_signs import State

CHINESE, KOREAN = "女士外套 H16Z1", "여성 외투 H16Z1"


def page(*names: str) -> ProductPage:
    rows = [
        ListedProduct(key=f"{number:024x}", name=name, name_position=0, group="서버1")
        for number, name in enumerate(names)
    ]
    return ProductPage(total=len(rows), rows=tuple(rows))


class Site:
    """A dialog that says one thing at its first look, and a list that changes look after look."""

    def __init__(self, said: Told, *names: str) -> None:
        self._said = [said]
        self._pages = [page(name) for name in names]
        self.looks = 0
        self.translation = self

    async def told(self) -> Told:
        return self._said.pop() if self._said else Told(state=State.UNTOLD)

    async def is_open(self) -> bool:
        return False

    async def close(self) -> None: ...

    async def changed(self, _within_s: float) -> bool:
        return False

    async def refresh(self) -> ProductPage:
        self.looks += 1
        return self._pages.pop(0) if len(self._pages) > 1 else self._pages[0]

    async def next_page(self) -> None: ...


GUESS, SAID = (Told(state=State.FINISHED, is_guess=guess) for guess in (True, False))


@pytest.mark.parametrize(
    ("said", "before", "seen", "looks"),
    [
        (SAID, CHINESE, [CHINESE], 1),
        (GUESS, CHINESE, [CHINESE, CHINESE, KOREAN], 3),
        (GUESS, KOREAN, [KOREAN], 1),
        (Told(state=State.UNTOLD), CHINESE, [CHINESE, KOREAN], 2),
    ],
)
async def test_an_end_is_only_guessed_where_no_name_speaks_against_it(
    said: Told, before: str, seen: Sequence[str], looks: int
) -> None:
    site = Site(said, *seen)
    ended = await translation_end(cast("ProductList", site), page(before).rows, 60.0)
    assert (len(ended.done), site.looks) == (1, looks)
