"""A Playwright page for code that is not ours: every awaited call passes our fence first."""

import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar, cast

from structlog.typing import FilteringBoundLogger

from percenty_batch.browser.handlers import guarded

T = TypeVar("T")

BeforeCall = Callable[[str, str], Awaitable[None]]
"""Awaited before each call with its name and on what; raises where we may no longer act."""

_LISTENED = frozenset({"on", "once", "add_locator_handler"})
_HANDLED = _LISTENED | {"route"}
_ATTRIBUTES = frozenset({"_target", "_before", "_log"})


def fenced(target: T, before: BeforeCall, log: FilteringBoundLogger) -> T:
    """Wrap a page, and with it all locators, frames, keyboards, pop-ups … that come from it.

    Handlers that are attached through it are guarded: what they raise is logged.
    """
    return cast("T", _Fenced(target, before, log))


class _Fenced:
    """Looks like what it wraps, also to `isinstance`: Playwright's `expect` asks for that."""

    __slots__ = ("_before", "_log", "_target")

    def __init__(self, target: object, before: BeforeCall, log: FilteringBoundLogger) -> None:
        for name, value in (("_target", target), ("_before", before), ("_log", log)):
            object.__setattr__(self, name, value)

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 - whatever Playwright has
        if name in _ATTRIBUTES:
            return object.__getattribute__(self, name)
        target = object.__getattribute__(self, "_target")
        if name == "__class__":
            return type(target)
        value = getattr(target, name)
        if name.startswith("_") or not callable(value):
            return _wrapped(value, self)
        if inspect.iscoroutinefunction(value):
            return _awaited(name, value, self)
        return _called(name, value, self)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._target, name, value)

    def __repr__(self) -> str:
        return repr(self._target)


def _awaited(name: str, call: Callable[..., Awaitable[Any]], by: _Fenced) -> Callable[..., Any]:
    async def awaited(*args: object, **kwargs: object) -> object:
        await by._before(name, repr(by._target))  # noqa: SLF001 - our own
        given = [_guarded(each, name, by) for each in args]
        return _wrapped(await call(*given, **kwargs), by)

    return awaited


def _called(name: str, call: Callable[..., Any], by: _Fenced) -> Callable[..., Any]:
    def called(*args: object, **kwargs: object) -> object:
        given = [_guarded(each, name, by) for each in args]
        return _wrapped(call(*given, **kwargs), by)

    return called


def _guarded(value: object, name: str, by: _Fenced) -> object:
    if name not in _HANDLED or not callable(value):
        return value
    handler = guarded(value, by._log)  # noqa: SLF001 - our own
    return _listening(handler, by) if name in _LISTENED else handler


def _listening(handler: Callable[..., Any], by: _Fenced) -> Callable[..., Any]:
    """Let a handler act through the fence on the page or dialog that it is told of."""

    @functools.wraps(handler)  # also its parameters: Playwright counts them
    def listening(*args: object) -> object:
        return handler(*(_wrapped(each, by) for each in args))

    return listening


@asynccontextmanager
async def _expecting(
    waiting: AbstractAsyncContextManager[Any], by: _Fenced
) -> AsyncIterator["_Expected"]:
    async with waiting as told:
        yield _Expected(told, by)


class _Expected:
    """What `async with page.expect_popup() as told` gives: `await told.value` is fenced as well."""

    def __init__(self, told: Any, by: _Fenced) -> None:  # noqa: ANN401 - Playwright's own
        self._told = told
        self._by = by

    @property
    async def value(self) -> Any:  # noqa: ANN401 - whatever was waited for
        return _wrapped(await self._told.value, self._by)

    def is_done(self) -> bool:
        return bool(self._told.is_done())


def _wrapped(value: object, by: _Fenced) -> object:
    if isinstance(value, list):
        return [_wrapped(each, by) for each in value]
    if hasattr(value, "_impl_obj"):  # it is Playwright's
        return _Fenced(value, by._before, by._log)  # noqa: SLF001 - our own
    return _expecting(value, by) if isinstance(value, AbstractAsyncContextManager) else value
