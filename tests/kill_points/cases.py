"""The steps that are tried: what they are to do on the site, and the laws of their outcome."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from percenty_batch.sandbox import (
    Change,
    Faults,
    Product,
    SandboxAccount,
    Shape,
    Stock,
    Translation,
)
from tests.kill_points import keyword_law, law, listing_law, lot_law, upload_law
from tests.kill_points.workbook import CODE, SHOP

Report = Mapping[str, Any]
Planned = Mapping[str, Sequence[Product]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One step. `shapes` and `stock` are what an account gets to work so many products.

    `planned` picks those products; `quantity` tells what is asked for. The laws name everything
    that is wrong with the last report, and with the report of a run that did not end well.
    """

    step: str
    planned: Callable[[Sequence[Product]], tuple[Product, ...]]
    quantity: Callable[[int], int]
    broken_laws: Callable[[Report, Sequence[Change], Planned], Sequence[str]]
    untruths: Callable[[Report, Sequence[Change]], Sequence[str]]
    shapes: Callable[[int], tuple[Shape, ...]] = lambda _count: ()
    stock: Callable[[int], tuple[Stock, ...]] = lambda _count: ()
    grouped: int = 0


def sellers(cases: Sequence[Case], counts: Sequence[int], faults: Faults) -> list[SandboxAccount]:
    """Make accounts that each have so many products for every one of the cases."""
    return [
        SandboxAccount(
            id=f"kill{number:02d}@example.com",
            password=f"secret-{number}",
            shapes=tuple(shape for case in cases for shape in case.shapes(count)),
            stock=tuple(stock for case in cases for stock in case.stock(count)),
            grouped=sum(case.grouped for case in cases),
            popups=0,
            translation=Translation(sign="rows", lot_s=2.0),
            faults=faults,
        )
        for number, count in enumerate(counts, start=1)
    ]


def record_of(case: Case, record: Sequence[Change], planned: Mapping[str, Planned]) -> list[Change]:
    """Leave out what was done to products of the other cases, `planned` by step, and to copies."""
    others = {
        product.key
        for step, accounts in planned.items()
        if step != case.step
        for products in accounts.values()
        for product in products
    }
    others |= {str(c.after) for c in record if c.what == "copied" and c.product in others}
    return [change for change in record if change.product not in others]


def _of_groups(*groups: str | None) -> Callable[[Sequence[Product]], tuple[Product, ...]]:
    return lambda products: tuple(each for each in products if each.group in groups)


STEP_1 = Case(
    step="1",
    shapes=lambda count: (Shape(images=2, options=1),) * count,
    grouped=2,
    planned=_of_groups(None),
    quantity=lambda most: most,
    broken_laws=law.broken_laws,
    untruths=law.untruths,
)
STEP_3_1_1 = Case(
    step="3_1_1",
    stock=lambda count: (
        Stock(
            group=keyword_law.SOURCE,
            count=count,
            code=CODE,
            markets=("ss",),
            shape=Shape(images=4, options=2, thumbnails=3),
        ),
    ),
    planned=lambda products: tuple(
        each for each in products if each.group == keyword_law.SOURCE and CODE in each.name
    ),
    quantity=lambda most: most,
    broken_laws=keyword_law.broken_laws,
    untruths=law.untruths,
)
STEP_4 = Case(
    step="4",
    # Their names are Chinese until they are translated.
    stock=lambda count: tuple(
        Stock(group=group, count=count, is_foreign=True) for group in ("서버1", "서버3")
    ),
    planned=_of_groups("서버1", "서버3"),
    quantity=lambda _most: 2,
    broken_laws=lot_law.broken_laws,
    untruths=lot_law.untruths,
)
STEP_5_1 = Case(
    step="5_1",
    stock=lambda count: (
        Stock(group="대기1", count=count, shape=Shape(images=1, options=2, thumbnails=5)),
    ),
    planned=_of_groups("대기1"),
    quantity=lambda most: most,
    broken_laws=listing_law.broken_laws,
    untruths=listing_law.untruths,
)
STEP_6_1 = Case(
    step="6_1",
    stock=lambda count: (Stock(group=SHOP, count=4 * count),),
    planned=_of_groups(SHOP),
    quantity=lambda _most: 1,
    broken_laws=upload_law.broken_laws,
    untruths=upload_law.untruths,
)
CASES: dict[str, tuple[Case, ...]] = {
    **{case.step: (case,) for case in (STEP_1, STEP_3_1_1, STEP_4, STEP_5_1, STEP_6_1)},
    "1,5_1": (STEP_1, STEP_5_1),
}
"""By the steps as `run` is given them; several are a chain."""
