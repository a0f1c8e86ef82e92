"""What a user's own step gets: account, page, log, items of the ledger, named actions."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Page, translate
from percenty_batch.errors import (
    FailureKind,
    GaveUpError,
    LedgerError,
    SignedOutError,
    WorkError,
)
from percenty_batch.models import Account, ItemOutcome, ItemResult, StopReason
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.telling import tell
from percenty_batch.steps.units import Unit

_ENDS_ATTEMPT = frozenset({FailureKind.BROWSER_CRASHED, FailureKind.IN_USE})
_LOST = "작업이 끊겨 결과를 알 수 없는 항목입니다 (두 번 하지 않습니다)"

WasDone = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInContext:
    """What a module's own sign-in gets. `url("a/b")` is a page below the base address."""

    account: Account
    page: Page
    url: Callable[[str], str]
    log: FilteringBoundLogger


class OwnContext:
    """One attempt at one account's own step."""

    def __init__(self, ctx: StepContext) -> None:
        self._ctx = ctx
        self._failures = 0
        self.account = ctx.account
        self.log = ctx.log
        self.page = ctx.site.own_page(ctx.log)
        self.url = ctx.site.url
        self.should_stop = ctx.should_stop

    @property
    def remaining(self) -> int:
        """How many items may still be begun."""
        return self._ctx.book.remaining

    @asynccontextmanager
    async def action(self, name: str) -> AsyncIterator[None]:
        """Name, time and log a part of the work; the name stands in a failure's evidence."""
        self._ctx.site.note_action(name)
        started = time.monotonic()
        try:
            yield
        except Exception as error:
            self.log.warning(f"동작 '{name}' 실패 ({time.monotonic() - started:.1f}초): {error}")
            raise
        self.log.info(f"동작 '{name}' 완료 ({time.monotonic() - started:.1f}초)")

    async def items(
        self, keys: Iterable[str], *, was_done: WasDone | None = None
    ) -> AsyncIterator["OwnItem"]:
        """Give each item that is still to be worked, once; use it with `async with item:`.

        What is done or was skipped in this run is left out; of whatever else was begun in an
        earlier start `was_done(key)` may ask the site (True: it is recorded as done, False: it is
        worked again). Without it, what failed is worked again, and an item whose end nobody saw
        is not: it is unknown. Ends when the quantity is reached or a stop is asked for.
        """
        for key in dict.fromkeys(keys):
            if self.should_stop.is_set():
                return
            if not await self._is_open(key, was_done):
                continue
            yield OwnItem(self._ctx, key, self._count)

    async def _is_open(self, key: str, was_done: WasDone | None) -> bool:
        book = self._ctx.book
        if not book.is_owed(key):
            return book.is_open(key)
        if was_done is not None:
            is_done = await was_done(key)
            if is_done:
                await book.record(ItemResult(key=key, outcome=ItemOutcome.DONE))
            return not is_done
        known = book.result(key)
        if known is not None and known.outcome is ItemOutcome.FAILED:
            return True  # its block raised
        await book.record(known or _lost(key))
        return False

    def _count(self, item: ItemResult) -> None:
        """Give up after too many failures in a row, as all steps do."""
        bad = item.outcome in (ItemOutcome.FAILED, ItemOutcome.UNKNOWN)
        self._failures = self._failures + 1 if bad else 0
        if self._failures >= self._ctx.limits.max_consecutive_failures and self.remaining:
            raise GaveUpError(
                item.kind or FailureKind.UNKNOWN,
                f"항목 {self._failures}개가 연속으로 실패하여 멈춥니다: {item.reason}",
            )


class OwnItem:
    """One item: claimed in the ledger when its block begins, recorded when it ends.

    Done when the block ends; skipped after `skip(reason)`; failed when the block raises; unknown
    when a time limit cuts the block off. A death of the browser, a lost account or sign-in ends
    the attempt instead.
    """

    def __init__(self, ctx: StepContext, key: str, on_end: Callable[[ItemResult], None]) -> None:
        self.key = key
        self._ctx = ctx
        self._on_end = on_end
        self._skipped: str | None = None
        self._started = 0.0

    def skip(self, reason: str) -> None:
        """Say that nothing is to be done for the item."""
        self._skipped = reason

    async def __aenter__(self) -> Self:
        """Claim the item. Raises GaveUpError when the quantity was reached since it was given."""
        self._started = time.monotonic()
        if not self._ctx.book.is_open(self.key):
            raise GaveUpError(
                FailureKind.DATA,
                f"수량 {self._ctx.book.requested}개를 넘는 항목입니다: ctx.items()가 주는 항목을"
                f" 모으지 말고 하나씩 처리하세요 ({self.key})",
            )
        await self._ctx.book.begin(self.key)
        self._timeout = asyncio.timeout(self._ctx.limits.item_timeout_s)
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        try:
            await self._timeout.__aexit__(kind, error, traceback)
        except TimeoutError as late:
            error = late
        if error is not None and (
            not isinstance(error, Exception) or isinstance(error, SignedOutError | LedgerError)
        ):
            return False
        failure = _failure(error) if error is not None else None
        if failure is not None and failure.kind in _ENDS_ATTEMPT:
            raise failure from error
        await self._record(failure)
        return True

    async def _record(self, failure: WorkError | None) -> None:
        ctx = self._ctx
        outcome = ItemOutcome.SKIPPED if self._skipped is not None else ItemOutcome.DONE
        if failure is not None:
            outcome = ItemOutcome.UNKNOWN if failure.effect_unknown else ItemOutcome.FAILED
        item = ItemResult(
            key=self.key,
            outcome=outcome,
            reason=str(failure) if failure is not None else self._skipped,
            kind=failure.kind if failure is not None else None,
            duration_s=time.monotonic() - self._started,
            evidence=await ctx.evidence.take(self.key) if failure is not None else (),
        )
        await ctx.book.record(item)
        tell(ctx.log, item, ctx.book, Unit.ITEM)
        self._on_end(item)


def _failure(error: Exception) -> WorkError:
    """Say what a block raised; one that a time limit cut off may yet have done its work."""
    failure = translate(error)
    is_cut_off = failure is not error and failure.kind is FailureKind.TIMEOUT
    return WorkError(failure.kind, str(failure), effect_unknown=True) if is_cut_off else failure


def _lost(key: str) -> ItemResult:
    return ItemResult(key=key, outcome=ItemOutcome.UNKNOWN, reason=_LOST, kind=FailureKind.UNKNOWN)


def reason_at_the_end(ctx: StepContext, told: object) -> StopReason:
    """Tell why an own step ended; what it returned itself counts first."""
    if isinstance(told, StopReason):
        return told
    if ctx.should_stop.is_set():
        return StopReason.CANCELLED
    return StopReason.SOURCE_EMPTY if ctx.book.remaining else StopReason.QUANTITY_REACHED
