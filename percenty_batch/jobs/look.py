"""A look at what an account's steps would find; nothing on the site is changed by it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from percenty_batch.errors import FailureKind, LeaseHeldError, LedgerError, WorkError
from percenty_batch.jobs.attempt import Assignment, step_context, take_sign_in
from percenty_batch.jobs.evidence import JobEvidence
from percenty_batch.jobs.hold import HeldSignIn
from percenty_batch.jobs.tools import Tools
from percenty_batch.ledger import JobRef, Lease, account_resource
from percenty_batch.models import Failure
from percenty_batch.percenty import PercentySite
from percenty_batch.steps import Found, ItemBook, StepContext

_NOBODYS = -1  # the token of no lease: whatever a look would write to the ledger is refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen of one step: what it found, or why nobody could look."""

    work: Assignment
    found: Found | None = None
    failure: Failure | None = None


async def look_at(tools: Tools, works: Sequence[Assignment]) -> tuple[Sight, ...]:
    """Look at an account's steps in one session, one try each. Raises nothing but cancellation.

    The account is not leased, so that nobody's work is held up; one that is at work is left alone.
    """
    sights: list[Sight] = []
    try:
        await _check_free(tools, works[0])
        await _look_at_all(tools, works, sights)
    # Fenced like a job: what nobody foresaw is told and touches no other account.
    except Exception as error:  # noqa: BLE001
        failure = _failure(tools, works[0], error)
        sights += [Sight(work=work, failure=failure) for work in works[len(sights) :]]
    return tuple(sights)


async def _check_free(tools: Tools, work: Assignment) -> None:
    holder = await tools.ledger.holder(account_resource(work.account.id))
    if holder is not None:
        raise LeaseHeldError(f"다른 실행이 사용 중입니다: {holder.owner}")


async def _look_at_all(tools: Tools, works: Sequence[Assignment], sights: list[Sight]) -> None:
    account, log = works[0].account, works[0].log
    browser, held = f"{account.id}_browser", HeldSignIn(tools.sign_ins, account.id)
    log.info(f"브라우저 생성 시작: {browser}")
    async with tools.launcher.session(
        account.id, log, await held.load(log), action_timeout_s=tools.site.action_timeout_s
    ) as session:
        log.info(f"브라우저 생성 성공: {browser}")
        site = PercentySite(session, tools.site)
        await take_sign_in(held, works[0], session, site, tools.site.action_timeout_s)
        for work in works:
            if sights and work.step.sign_in is None:  # what the look before left open is its own
                await site.start_over()
            sights.append(await _look(tools, work, site))


async def _look(tools: Tools, work: Assignment, site: PercentySite) -> Sight:
    log, label = work.log, work.step.label
    log.info(f"=== {label} 미리 보기 시작: 수량={work.requested} ===")
    try:
        async with asyncio.timeout(tools.limits.item_timeout_s):
            found = await work.step.look(_context(tools, work, site))
    except (WorkError, LedgerError, TimeoutError) as error:
        return Sight(work=work, failure=_failure(tools, work, error))
    for line in found.lines:
        log.info(line)
    count = "알 수 없음" if found.count is None else f"{found.count}개"
    log.info(f"=== {label} 미리 보기 완료: {count} ===")
    return Sight(work=work, found=found)


def _context(tools: Tools, work: Assignment, site: PercentySite) -> StepContext:
    account = work.account.id
    lease = Lease(resource=account_resource(account), owner=tools.owner, token=_NOBODYS, ttl_s=0.0)
    job = JobRef(
        run_id=work.run_id, job_id=work.job_id, step=work.step.id, account=account, lease=lease
    )
    book = ItemBook(work.requested, tools.ledger, job, on_item=lambda _index, _item: None)
    return step_context(tools, work, job, book, JobEvidence(), site, asyncio.Event())


def _failure(tools: Tools, work: Assignment, error: Exception) -> Failure:
    kind = error.kind if isinstance(error, WorkError) else FailureKind.UNKNOWN
    if isinstance(error, TimeoutError):
        kind, text = (
            FailureKind.TIMEOUT,
            f"제한 시간({tools.limits.item_timeout_s:g}초)을 넘었습니다",
        )
    elif isinstance(error, WorkError | LedgerError):
        text = str(error)
    else:
        text = f"예상하지 못한 오류: {error!r}"
    work.log.error(f"미리 보기 중 예외 발생: {text}", kind=kind)
    return Failure(kind=kind, message=tools.mask(text))
