"""One try of a job: session, sign-in, step."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from structlog.typing import FilteringBoundLogger

from percenty_batch.accounts import AccountInputs
from percenty_batch.browser import (
    EvidenceFolder,
    EvidenceTaker,
    Launcher,
    Session,
    SignInStore,
)
from percenty_batch.errors import (
    FailureKind,
    LeaseLostError,
    SignedOutError,
    SignInError,
    WorkError,
)
from percenty_batch.jobs.decisions import SIGN_IN_REFUSED
from percenty_batch.jobs.evidence import JobEvidence
from percenty_batch.jobs.lease import AccountLease
from percenty_batch.jobs.stop import Stop
from percenty_batch.ledger import JobRef, Ledger, Owner
from percenty_batch.models import Account, StopReason
from percenty_batch.percenty import PercentySite
from percenty_batch.settings import JobSettings, SiteSettings, StepSettings
from percenty_batch.steps import ItemBook, StepContext, StepSpec, Ungrouped

_TELLS_OF_SIGN_IN = SIGN_IN_REFUSED | {FailureKind.PAGE_CHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every attempt of a batch works with. `sign_ins` is None when none are to be kept.

    `owner` is this process, in whose name accounts are leased for `lease_s`; `mask` takes
    secrets out of what the ledger is told. `evidence_of` None: nothing is kept of failures.
    """

    launcher: Launcher
    sign_ins: SignInStore | None
    ledger: Ledger
    owner: Owner
    lease_s: float
    site: SiteSettings
    limits: JobSettings
    rules: StepSettings
    mask: Callable[[str], str] = str
    evidence_of: Callable[[Account, FilteringBoundLogger], EvidenceFolder] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Whose work it is, with which rows, what it is, and how much of it."""

    account: Account
    inputs: AccountInputs
    step: StepSpec
    run_id: str
    job_id: str
    requested: int
    log: FilteringBoundLogger


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An assignment under way: what all attempts at it share."""

    work: Assignment
    job: JobRef
    lease: AccountLease
    book: ItemBook
    evidence: JobEvidence
    goes_on: Callable[[], None] = lambda: None


async def attempt(tools: Tools, begun: Begun, stop: Stop, *, is_isolated: bool) -> StopReason:
    """Try once. Raises WorkError; the session is closed on every path."""
    work = begun.work
    browser = f"{work.account.id}_browser"
    work.log.info(f"브라우저 생성 시작: {browser}")
    state = await tools.sign_ins.load(work.account.id, work.log) if tools.sign_ins else None
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
                await _sign_in(tools, work, session, site)
                if taker is not None:
                    await taker.start_trace()
                return await work.step.run(_context(tools, begun, site, stop))
            except SignedOutError:
                if tools.sign_ins:
                    await tools.sign_ins.forget(work.account.id)
                raise
            except WorkError as error:
                await begun.evidence.take_of_job("attempt", error)
                raise


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


async def _sign_in(tools: Tools, work: Assignment, session: Session, site: PercentySite) -> None:
    try:
        was_needed = await site.sign_in(work.account)
    except LeaseLostError:
        raise
    except WorkError as error:
        is_told = error.kind in _TELLS_OF_SIGN_IN or isinstance(error, SignedOutError)
        if tools.sign_ins and is_told:
            await tools.sign_ins.forget(work.account.id)
        raise SignInError(error.kind, str(error)) from error
    work.log.info("로그인 성공" if was_needed else "로그인 성공 (저장된 로그인 사용)")
    if was_needed and tools.sign_ins:
        await _keep_sign_in(tools.sign_ins, work, session, tools.site.action_timeout_s)


async def _keep_sign_in(
    sign_ins: SignInStore, work: Assignment, session: Session, limit_s: float
) -> None:
    """Store the signed-in state; without it the next session signs in again, no more."""
    try:
        async with asyncio.timeout(limit_s):
            state = await session.storage_state()
    except (WorkError, TimeoutError) as error:
        reason = str(error) or "브라우저가 응답하지 않음"
        work.log.warning(f"로그인을 저장하지 못했습니다: {reason}")
        return
    await sign_ins.save(work.account.id, state, work.log)


def _context(tools: Tools, begun: Begun, site: PercentySite, stop: Stop) -> StepContext:
    return StepContext(
        account=begun.work.account,
        inputs=begun.work.inputs,
        site=site,
        log=begun.work.log,
        book=begun.book,
        ledger=tools.ledger,
        job=begun.job,
        should_stop=stop.draining,
        limits=tools.limits,
        rules=tools.rules,
        evidence=begun.evidence,
        source=Ungrouped(site),
        unit=begun.work.step.unit,
        goes_on=begun.goes_on,
    )
