import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from percenty_batch.accounts import no_inputs
from percenty_batch.browser import SignInStore
from percenty_batch.errors import (
    FailureKind,
    LeaseLostError,
    SignedOutError,
    SignInError,
    WorkError,
)
from percenty_batch.jobs import Assignment, Stop
from percenty_batch.jobs import attempt as attempt_module
from percenty_batch.jobs.attempt import Begun, attempt
from percenty_batch.jobs.evidence import JobEvidence
from percenty_batch.jobs.hold import HeldSignIn
from percenty_batch.jobs.lease import AccountLease, steady_s
from percenty_batch.models import Account, StopReason
from percenty_batch.steps import ItemBook, StepContext
from tests.unit.jobs.fakes import (
    SIGNED_IN,
    FakeLauncher,
    FakeSession,
    FakeSignIn,
    KeptInMemory,
    Recorded,
    step_of,
    tools,
)
from tests.unit.jobs.ledgers import JOB_ID, RUN_ID, begin_batch, taken_job

ACCOUNT = Account(id="a@example.com", password="secret")
WRONG_PASSWORD = WorkError(FailureKind.WRONG_PASSWORD, "비밀번호가 올바르지 않습니다")


class Attempts:
    """Attempts at one account's work; `error` is what the step raises."""

    begun: Begun

    def __init__(self, store: SignInStore | None) -> None:
        self.launcher = FakeLauncher()
        self.recorded = Recorded()
        self.contexts: list[StepContext] = []
        self.error: Exception | None = None
        self.stop = Stop()
        self.work = Assignment(
            account=ACCOUNT,
            inputs=no_inputs(ACCOUNT.id),
            step=step_of(self._step),
            run_id=RUN_ID,
            job_id=JOB_ID,
            requested=5,
            log=self.recorded.log,
        )
        self.tools = tools(self.launcher, sign_ins=store)
        self.sign_in = HeldSignIn(store, ACCOUNT.id)

    async def make(self, *, is_isolated: bool = False) -> StopReason:
        ledger = self.tools.ledger
        await begin_batch(ledger, ACCOUNT.id)
        job = await taken_job(ledger, ACCOUNT.id)
        self.begun = Begun(
            work=self.work,
            job=job,
            lease=AccountLease(ledger, job.lease, steady_s()),
            sign_in=self.sign_in,
            book=ItemBook(5, ledger, job, on_item=lambda _index, _item: None),
            evidence=JobEvidence(),
        )
        return await attempt(self.tools, self.begun, self.stop, is_isolated=is_isolated)

    async def _step(self, ctx: StepContext) -> StopReason:
        self.contexts.append(ctx)
        if self.error is not None:
            raise self.error
        return StopReason.SOURCE_EMPTY


@pytest.fixture(autouse=True)
def refusals(monkeypatch: pytest.MonkeyPatch) -> dict[str, WorkError]:
    refused: dict[str, WorkError] = {}
    monkeypatch.setattr(FakeSignIn, "refusals", refused)
    monkeypatch.setattr(attempt_module, "PercentySite", FakeSignIn)
    return refused


@pytest.fixture
def store() -> SignInStore:
    return KeptInMemory()


async def test_the_step_gets_what_all_attempts_share() -> None:
    attempts = Attempts(None)

    assert await attempts.make() is StopReason.SOURCE_EMPTY

    (ctx,) = attempts.contexts
    begun = attempts.begun
    assert (ctx.account, ctx.ledger) == (ACCOUNT, attempts.tools.ledger)
    assert (ctx.book, ctx.job, ctx.evidence) == (begun.book, begun.job, begun.evidence)
    assert ctx.should_stop is attempts.stop.draining


@pytest.mark.parametrize("is_isolated", [True, False])
async def test_an_isolated_attempt_has_a_browser_of_its_own(*, is_isolated: bool) -> None:
    attempts = Attempts(None)
    await attempts.make(is_isolated=is_isolated)
    assert [session.is_isolated for session in attempts.launcher.sessions] == [is_isolated]


async def test_the_memory_of_the_pages_is_each_attempts_own() -> None:
    attempts = Attempts(None)
    await attempts.make()
    await attempts.make()
    one, other = attempts.contexts
    assert one.notes is not other.notes


async def test_its_way_is_told_in_the_guides_words() -> None:
    attempts = Attempts(None)
    await attempts.make()
    assert attempts.recorded.lines() == [
        "브라우저 생성 시작: a@example.com_browser",
        "브라우저 생성 성공: a@example.com_browser",
        "로그인 성공",
    ]


@pytest.mark.parametrize("error", [None, WRONG_PASSWORD, SignedOutError(), KeyError("x")])
async def test_the_session_is_closed_on_every_path(error: Exception | None) -> None:
    attempts = Attempts(None)
    attempts.error = error
    with suppress(WorkError, KeyError):
        await attempts.make()
    assert (len(attempts.launcher.sessions), attempts.launcher.open_now) == (1, 0)


async def test_a_refused_sign_in_begins_no_work_and_keeps_the_sites_words(
    refusals: dict[str, WorkError],
) -> None:
    refusals[ACCOUNT.id] = WRONG_PASSWORD
    attempts = Attempts(None)

    with pytest.raises(SignInError) as caught:
        await attempts.make()

    assert (caught.value.kind, str(caught.value)) == (WRONG_PASSWORD.kind, str(WRONG_PASSWORD))
    assert attempts.contexts == []
    assert attempts.recorded.lines("error") == []  # whether it is final, the job decides


async def test_a_sign_in_is_kept_and_used_by_the_next_attempt(store: SignInStore) -> None:
    attempts = Attempts(store)

    await attempts.make()
    await attempts.make()

    assert [session.given_state for session in attempts.launcher.sessions] == [None, SIGNED_IN]
    assert attempts.recorded.lines()[-1] == "로그인 성공 (저장된 로그인 사용)"


async def test_a_sign_in_that_the_site_ended_is_forgotten(store: SignInStore) -> None:
    attempts = Attempts(store)
    attempts.error = SignedOutError()
    with pytest.raises(SignedOutError):
        await attempts.make()
    assert await store.load(ACCOUNT.id, attempts.recorded.log) is None


async def test_a_kept_sign_in_that_is_refused_is_forgotten(
    store: SignInStore, refusals: dict[str, WorkError]
) -> None:
    attempts = Attempts(store)
    await attempts.make()
    refusals[ACCOUNT.id] = WorkError(FailureKind.WRONG_ACCOUNT, "계정 불일치")
    with pytest.raises(SignInError):
        await attempts.make()
    assert await store.load(ACCOUNT.id, attempts.recorded.log) is None


async def test_an_account_that_was_taken_over_in_mid_sign_in_is_no_refused_sign_in(
    store: SignInStore, refusals: dict[str, WorkError]
) -> None:
    attempts = Attempts(store)
    await attempts.make()
    refusals[ACCOUNT.id] = LeaseLostError()

    with pytest.raises(LeaseLostError):
        await attempts.make()

    assert await store.load(ACCOUNT.id, attempts.recorded.log) == SIGNED_IN


async def test_another_failure_keeps_the_sign_in(store: SignInStore) -> None:
    attempts = Attempts(store)
    attempts.error = WorkError(FailureKind.SITE_ERROR, "500")
    with pytest.raises(WorkError):
        await attempts.make()
    assert await store.load(ACCOUNT.id, attempts.recorded.log) == SIGNED_IN


@pytest.mark.parametrize(
    ("refusal", "is_kept"),
    [
        (WorkError(FailureKind.BROWSER_CRASHED, "브라우저가 닫혔습니다"), True),
        (WorkError(FailureKind.TIMEOUT, "늦음"), True),
        (WRONG_PASSWORD, False),
        (WorkError(FailureKind.PAGE_CHANGED, "모르는 화면"), False),
        (SignedOutError(), False),
    ],
)
async def test_a_stored_sign_in_is_forgotten_only_when_the_failure_tells_of_it(
    store: SignInStore, refusals: dict[str, WorkError], refusal: WorkError, *, is_kept: bool
) -> None:
    attempts = Attempts(store)
    await store.save(ACCOUNT.id, SIGNED_IN, attempts.recorded.log)
    refusals[ACCOUNT.id] = refusal
    with suppress(WorkError):
        await attempts.make()
    assert (await store.load(ACCOUNT.id, attempts.recorded.log) is not None) is is_kept


@pytest.mark.parametrize("is_silent", [True, False])
async def test_a_sign_in_that_cannot_be_read_is_not_stored_and_the_work_goes_on(
    store: SignInStore, monkeypatch: pytest.MonkeyPatch, *, is_silent: bool
) -> None:
    async def fail(_session: FakeSession) -> None:
        if is_silent:
            await asyncio.Event().wait()
        raise WorkError(FailureKind.UNKNOWN, "고장")

    monkeypatch.setattr(FakeSession, "storage_state", fail)
    attempts = Attempts(store)
    site = attempts.tools.site.model_copy(update={"action_timeout_s": 0.01})
    attempts.tools = replace(attempts.tools, site=site)

    assert await attempts.make() is StopReason.SOURCE_EMPTY

    assert await store.load(ACCOUNT.id, attempts.recorded.log) is None
    reason = "브라우저가 응답하지 않음" if is_silent else "고장"
    assert attempts.recorded.lines("warning") == [f"로그인을 저장하지 못했습니다: {reason}"]
