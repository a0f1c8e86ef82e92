"""The form of a step: what it is, as data, and the two things that it can do."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from structlog.typing import FilteringBoundLogger

from percenty_batch.accounts import NO_NEEDS, AccountInputs, Needs
from percenty_batch.models import Account, OnFailure, StopReason
from percenty_batch.percenty import PercentySite
from percenty_batch.steps.budgets import Allowance
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a look found. `count` is in the step's unit (None: not known), `lines` are Korean."""

    count: int | None
    lines: tuple[str, ...] = ()


SignIn: TypeAlias = Callable[
    [Account, PercentySite, FilteringBoundLogger], Coroutine[Any, Any, bool]
]
"""Signs in on the page; returns whether that was needed. Raises SignInError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpec:
    """One step.

    A quantity counts items of the `unit`. Without one, `usual_quantity` items are worked, or
    (None) every row that `rows` gives; there are never more items than rows. `limits` are Korean
    lines, `spends` the daily allowances that hold, `stops` the reasons for which the step itself
    ends a job. `run` works, `look` opens, reads, filters and counts, and changes nothing.
    `on_failure` says whether an account's later steps of a run are still begun when this one has
    failed: each of ours takes what stands in its own group, however much that is, and needs no
    other. `sign_in` takes the place of Percenty's own, for steps on another site.
    """

    id: str
    title: str
    unit: Unit
    usual_quantity: int | None
    stops: tuple[StopReason, ...]
    run: Callable[[StepContext], Awaitable[StopReason]]
    look: Callable[[StepContext], Awaitable[Found]]
    needs: Needs = NO_NEEDS
    rows: Callable[[AccountInputs], Sequence[object]] | None = None
    limits: tuple[str, ...] = ()
    spends: tuple[Allowance, ...] = ()
    on_failure: OnFailure = OnFailure.CONTINUE
    sign_in: SignIn | None = None

    @property
    def label(self) -> str:
        return f"{self.id}단계"

    def requested(self, quantity: int | None, inputs: AccountInputs) -> int:
        """Tell how many items an account is to be worked for; 0: it has no row of the step."""
        wanted = self.usual_quantity if quantity is None else quantity
        counts = (wanted, None if self.rows is None else len(self.rows(inputs)))
        return min(count for count in counts if count is not None)
