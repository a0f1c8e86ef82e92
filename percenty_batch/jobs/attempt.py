"""One try of a job: session, sign-in, step."""

from dataclasses import dataclass

from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import Launcher, Session, SignInStore
from percenty_batch.errors import SignedOutError, SignInError, WorkError
from percenty_batch.jobs.stop import Stop
from percenty_batch.models import Account, StopReason
from percenty_batch.percenty import PercentySite
from percenty_batch.settings import JobSettings, SiteSettings
from percenty_batch.steps import AccountMemory, ItemBook, StepContext, StepSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every attempt of a batch works with. `sign_ins` is None when none are to be kept."""

    launcher: Launcher
    sign_ins: SignInStore | None
    site: SiteSettings
    limits: JobSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Whose work it is, what it is, and what all attempts at it share."""

    account: Account
    step: StepSpec
    book: ItemBook
    memory: AccountMemory
    log: FilteringBoundLogger


async def attempt(tools: Tools, work: Assignment, stop: Stop) -> StopReason:
    """Try once. Raises WorkError; the session is closed on every path."""
    browser = f"{work.account.id}_browser"
    work.log.info(f"브라우저 생성 시작: {browser}")
    state = await tools.sign_ins.load(work.account.id, work.log) if tools.sign_ins else None
    async with tools.launcher.session(
        work.account.id, work.log, state, action_timeout_s=tools.site.action_timeout_s
    ) as session:
        work.log.info(f"브라우저 생성 성공: {browser}")
        site = PercentySite(session, tools.site)
        try:
            await _sign_in(tools, work, session, site)
            return await work.step.run(_context(tools, work, site, stop))
        except SignedOutError:
            if tools.sign_ins:
                await tools.sign_ins.forget(work.account.id)
            raise


async def _sign_in(tools: Tools, work: Assignment, session: Session, site: PercentySite) -> None:
    try:
        was_needed = await site.sign_in(work.account)
    except WorkError as error:
        if tools.sign_ins:
            await tools.sign_ins.forget(work.account.id)
        raise SignInError(error.kind, str(error)) from error
    work.log.info("로그인 성공" if was_needed else "로그인 성공 (저장된 로그인 사용)")
    if was_needed and tools.sign_ins:
        state = await session.storage_state()
        await tools.sign_ins.save(work.account.id, state, work.log)


def _context(tools: Tools, work: Assignment, site: PercentySite, stop: Stop) -> StepContext:
    return StepContext(
        account=work.account,
        site=site,
        log=work.log,
        book=work.book,
        memory=work.memory,
        should_stop=stop.draining,
        limits=tools.limits,
    )
