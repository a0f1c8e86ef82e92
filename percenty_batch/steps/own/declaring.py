"""`@step` and `@sign_in`: they only mark functions; modules are read by `loading`."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from percenty_batch.models import OnFailure, StopReason
from percenty_batch.steps.own.context import OwnContext, SignInContext

Work = Callable[[OwnContext], Coroutine[Any, Any, StopReason | None]]
Count = Callable[[OwnContext], Coroutine[Any, Any, int]]
SignIn = Callable[[SignInContext], Coroutine[Any, Any, bool | None]]
W = TypeVar("W", bound=Work)
S = TypeVar("S", bound=SignIn)

MARK = "__percenty_batch__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What `@step` was told."""

    id: str
    title: str
    quantity: int
    on_failure: OnFailure
    count: Count | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInMark:
    """Marks the function that signs in for all steps of its module."""


def step(
    id: str,  # noqa: A002 - as everywhere
    *,
    title: str = "",
    quantity: int = 100,
    on_failure: Literal["stop", "continue"] = "continue",
    count: Count | None = None,
) -> Callable[[W], W]:
    """Declare an `async def f(ctx)` as a step.

    `quantity` is how many items an account is worked for where nobody asks for another number.
    `on_failure` holds for the account's later steps of a run. `count` tells a dry run how many
    items there are, without changing anything.
    """

    def mark(function: W) -> W:
        declaration = Declaration(
            id=id,
            title=title or id,
            quantity=quantity,
            on_failure=OnFailure(on_failure),
            count=count,
        )
        setattr(function, MARK, declaration)
        return function

    return mark


def sign_in(function: S) -> S:
    """Declare an `async def f(ctx)` as the sign-in of its module's steps, instead of Percenty's.

    It is called at the beginning of every session, also of one that has a stored sign-in, and
    returns False when no sign-in was needed. Raise SignInError when the site refuses.
    """
    setattr(function, MARK, SignInMark())
    return function
