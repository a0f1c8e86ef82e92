"""One try of a job: session, sign-in, step."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from structlog.typing import FilteringBoundLogger

from percenty_batch.accounts import AccountInputs
from percenty_batch.browser import EvidenceTaker, Session
from percenty_batch.errors import (
    FailureKind,
    LeaseLostError,
    SignedOutError,
    SignInError,
    WorkError,
)
from percenty_batch.jobs.decisions import SIGN_IN_REFUSED
from percenty_batch.jobs.evidence import JobEvidence
from percenty_batch.jobs.hold import HeldSignIn
from percenty_batch.jobs.lease import AccountLease
from percenty_batch.jobs.stop import Stop
from percenty_batch.jobs.tools import Tools
from percenty_batch.ledger import JobRef
from percenty_batch.models import Account, Failure, JobResult, StopReason
from percenty_batch.percenty import PercentySite
from percenty_batch.steps import ItemBook, StepContext, StepSpec, Ungrouped

_TELLS_OF_SIGN_IN = SIGN_IN_REFUSED | {FailureKind.PAGE_CHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Whose work it is, with which rows, what it is, how much, and whether a step follows it."""

    account: Account
    inputs: AccountInputs
    step: StepSpec
    run_id: str
    job_id: str
    requested: int
    log: FilteringBoundLogger
    has_next: bool = False

    def not_begun(self, reason: StopReason, failure: Failure | None = None) -> JobResult:
        """Give the result of work that was never opened."""
        return JobResult.not_begun(
            self.account.id, self.step.id, self.requested, reason=reason, failure=failure
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An assignment under way: what all attempts at it share."""

    work: Assignment
    job: JobRef
    lease: AccountLease
    sign_in: HeldSignIn
    book: ItemBook
    evidence: JobEvidence
    goes_on: Callable[[], None] = lambda: None


async def attempt(tools: Tools, begun: Begun, stop: Stop, *, is_isolated: bool) -> StopReason:
    """Try once. Raises WorkError; the session is closed on every path."""
    work = begun.work
    browser = f"{work.account.id}_browser"
    work.log.info(f"브라우저 생성 시작: {browser}")
    state = await begun.sign_in.load(work.log)
    async with tools.launcher.session(
        work.account.id,
        work.log,
        state,
        action_timeout_s=tools.site.action_timeout_s,
        is_isolated=is_isolated,
    ) as session:
        work.log.info(f"브라우저 생성 성공: {browser}")
        site = PercentySite(session, tools.site, fence=begun.lease.check)
        with _watched(begun.evidence, session, site) as taker:
            try:
                limit_s = tools.site.action_timeout_s
                await take_sign_in(begun.sign_in, work, session, site, limit_s)
                if taker is not None:
                    await taker.start_trace()
                ctx = step_context(
                    *(tools, work, begun.job, begun.book, begun.evidence),
                    *(site, stop.draining, begun.goes_on),
                )
                reason = await work.step.run(ctx)
            except SignedOutError:
                await begun.sign_in.forget()
                raise
            except WorkError as error:
                await begun.evidence.take_of_job("attempt", error)
                raise
            if work.has_next:  # the site may have renewed the sign-in meanwhile
                await begun.sign_in.keep(session, work.log, tools.site.action_timeout_s)
            return reason


@contextmanager
def _watched(
    evidence: JobEvidence, session: Session, site: PercentySite
) -> Iterator[EvidenceTaker | None]:
    taker = EvidenceTaker(session, site, evidence.folder) if evidence.folder else None
    evidence.watch(taker)
    try:
        yield taker
    finally:
        evidence.watch(None)


async def take_sign_in(
    held: HeldSignIn, work: Assignment, session: Session, site: PercentySite, limit_s: float
) -> None:
    """Sign in, and keep the signed-in state for `held`'s next session. Raises SignInError."""
    try:
        was_needed = await _signed_in(work, site)
    except LeaseLostError:
        raise
    except WorkError as error:
        if error.kind in _TELLS_OF_SIGN_IN or isinstance(error, SignedOutError):
            await held.forget()
        raise SignInError(error.kind, str(error)) from error
    work.log.info("로그인 성공" if was_needed else "로그인 성공 (저장된 로그인 사용)")
    if was_needed:
        await held.keep(session, work.log, limit_s)


async def _signed_in(work: Assignment, site: PercentySite) -> bool:
    own = work.step.sign_in
    if own is None:
        return await site.sign_in(work.account)
    signing_in = own(work.account, site, work.log)
    return await site.fenced(signing_in, name=f"sign in {work.account.id}")


def step_context(
    tools: Tools,
    work: Assignment,
    job: JobRef,
    book: ItemBook,
    evidence: JobEvidence,
    site: PercentySite,
    should_stop: asyncio.Event,
    goes_on: Callable[[], None] = lambda: None,
) -> StepContext:
    """Give a step what it works with in one session."""
    return StepContext(
        account=work.account,
        inputs=work.inputs,
        site=site,
        log=work.log,
        book=book,
        ledger=tools.ledger,
        job=job,
        should_stop=should_stop,
        limits=tools.limits,
        rules=tools.rules,
        evidence=evidence,
        source=Ungrouped(site),
        unit=work.step.unit,
        goes_on=goes_on,
    )
