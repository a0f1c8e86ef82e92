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
from tests.kill_points import law, lot_law

Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One step. `accounts` makes the sellers from how many products each has to work.

    `planned` picks those products; `quantity` tells what is asked for. The laws name everything
    that is wrong with the last report, and with the report of a run that did not end well.
    """

    step: str
    accounts: Callable[[Sequence[int], Faults], list[SandboxAccount]]
    planned: Callable[[Sequence[Product]], tuple[Product, ...]]
    quantity: Callable[[int], int]
    broken_laws: Callable[
        [Report, Sequence[Change], Mapping[str, Sequence[Product]]], Sequence[str]
    ]
    untruths: Callable[[Report, Sequence[Change]], Sequence[str]]


def _ungrouped(counts: Sequence[int], faults: Faults) -> list[SandboxAccount]:
    return [
        SandboxAccount(
            id=f"kill{number:02d}@example.com",
            password=f"secret-{number}",
            shapes=(Shape(images=2, options=1),) * count,
            grouped=2,
            popups=0,
            faults=faults,
        )
        for number, count in enumerate(counts, start=1)
    ]


def _untranslated(counts: Sequence[int], faults: Faults) -> list[SandboxAccount]:
    """Products of 서버1 and as many of 서버3; their names are Chinese until they are translated."""
    return [
        SandboxAccount(
            id=f"kill{number:02d}@example.com",
            password=f"secret-{number}",
            shapes=(),
            stock=tuple(
                Stock(group=group, count=count, is_foreign=True) for group in ("서버1", "서버3")
            ),
            grouped=0,
            popups=0,
            translation=Translation(sign="rows", lot_s=2.0),
            faults=faults,
        )
        for number, count in enumerate(counts, start=1)
    ]


def _of_groups(*groups: str | None) -> Callable[[Sequence[Product]], tuple[Product, ...]]:
    return lambda products: tuple(each for each in products if each.group in groups)


STEP_1 = Case(
    step="1",
    accounts=_ungrouped,
    planned=_of_groups(None),
    quantity=lambda most: most,
    broken_laws=law.broken_laws,
    untruths=law.untruths,
)
STEP_4 = Case(
    step="4",
    accounts=_untranslated,
    planned=_of_groups("서버1", "서버3"),
    quantity=lambda _most: 2,
    broken_laws=lot_law.broken_laws,
    untruths=lot_law.untruths,
)
CASES = {case.step: case for case in (STEP_1, STEP_4)}
