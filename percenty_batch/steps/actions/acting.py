"""What every action on a product has in common: what it works on, and what it came to."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty import Drawer, ListedProduct, NameTab, ProductPage
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.product_loop import Worked


class EffectKind(StrEnum):
    """What an action came to, in Korean."""

    CHANGED = "변경"
    NOTHING_TO_DO = "그대로"
    FAILED = "실패"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an action saw of its own effect on the page.

    `text` is Korean: what was changed, or why it failed. `end`: there is nothing more to be done
    to the product.
    """

    kind: EffectKind
    text: str = ""
    end: Worked | None = None


NOTHING_TO_DO = Effect(kind=EffectKind.NOTHING_TO_DO)


def changed(text: str = "", *, end: Worked | None = None) -> Effect:
    return Effect(kind=EffectKind.CHANGED, text=text, end=end)


def failed(text: str) -> Effect:
    return Effect(kind=EffectKind.FAILED, text=text)


@dataclass(slots=True, kw_only=True)
class Facts:
    """What actions have read of the product, for later actions and for its route.

    `memo` is the supplier's own; None: not read. The counts are of what is left.
    """

    memo: str | None = None
    images: int | None = None
    options: int | None = None


@dataclass(slots=True, kw_only=True)
class OpenProduct:
    """The product under work. `page` is the list before it; `drawer` the one that is open now.

    A drawer saves on blur or only when it is closed (percenty-site): an effect that is seen in one
    that is open may still be lost with it, and counts only once the site has taken it.
    """

    product: ListedProduct
    page: ProductPage
    edits: ItemEdits
    drawer: Drawer
    facts: Facts = field(default_factory=Facts)
    _taken: int = 0  # changes, when the action under way began
    _unsaved: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Tell that an action begins."""
        self._taken = self.drawer.traffic.changes_taken

    async def confirm(self, action: str) -> None:
        """Commit an effect that was seen, now if the site took a change, or at the closing."""
        if self.drawer.traffic.changes_taken > self._taken:
            await self.edits.confirm(action)
        else:
            self._unsaved.append(action)

    @property
    def has_unsaved(self) -> bool:
        """True while an effect waits for the closing."""
        return bool(self._unsaved)

    async def saved(self) -> None:
        """Commit the effects that waited for the closing, which the site has taken."""
        for action in self._unsaved:
            await self.edits.confirm(action)
        self._unsaved.clear()


@dataclass(frozen=True, slots=True)
class Act:
    """An action as a step declares it: its Korean name, what it does, and with what."""

    name: str
    do: Callable[[StepContext, OpenProduct, Any], Awaitable[Effect]]
    args: object = None


async def open_product(ctx: StepContext, product: ListedProduct, page: ProductPage) -> OpenProduct:
    """Open the product's drawer, and no other's."""
    edits = await ctx.edits(product.key)
    drawer = await ctx.source.open_drawer(product)
    await NameTab(drawer).expect(product.name)
    return OpenProduct(product=product, page=page, edits=edits, drawer=drawer)


async def perform(ctx: StepContext, work: OpenProduct, act: Act) -> Effect:
    """Carry out one action and log what it came to. Raises ItemError when it failed."""
    started = time.monotonic()
    work.begin()
    effect = await act.do(ctx, work, act.args)
    told = ", ".join(filter(None, (effect.kind, effect.text)))
    ctx.log.debug(f"{act.name}: {told} ({time.monotonic() - started:.1f}초)", item=work.product.key)
    if effect.kind is EffectKind.FAILED:
        raise ItemError(FailureKind.DATA, effect.text)
    return effect
