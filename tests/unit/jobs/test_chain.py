"""An account's jobs, one after the other."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from percenty_batch.accounts import no_inputs
from percenty_batch.browser import SignInStore
from percenty_batch.errors import FailureKind, LeaseLostError, SignedOutError, WorkError
from percenty_batch.jobs import Assignment, Chain, Link, Listener, Stop
from percenty_batch.jobs import attempt as attempt_module
from percenty_batch.ledger import MemoryLedger
from percenty_batch.models import Account, ItemOutcome, ItemResult, JobResult, OnFailure, StopReason
from percenty_batch.settings import JobSettings
from percenty_batch.steps import StepContext
from tests.unit.jobs.builders import product_key
from tests.unit.jobs.fakes import (
    SIGNED_IN,
    FakeLauncher,
    FakeSignIn,
    KeptInMemory,
    Recorded,
    step_of,
    tools,
)
from tests.unit.jobs.ledgers import OTHERS, RUN_ID, begin_batch, read_job

ACCOUNT = Account(id="a@example.com", password="secret")
WRONG_PASSWORD = WorkError(FailureKind.WRONG_PASSWORD, "비밀번호가 올바르지 않습니다")
BROKEN = WorkError(FailureKind.DATA, "고장")
Work = Callable[[StepContext], Awaitable[StopReason]]
STOP, CONTINUE = OnFailure.STOP, OnFailure.CONTINUE


class Steps:
    """Steps of one account; each is known by its place, from 0."""

    def __init__(self, *works: Work, store: SignInStore | None = None) -> None:
        self.launcher = FakeLauncher()
        self.ledger = MemoryLedger()
        self.recorded = Recorded()
        self.stop = Stop()
        self.results: list[JobResult] = []
        self._works = works
        self._tools = tools(
            self.launcher,
            sign_ins=store,
            ledger=self.ledger,
            limits=JobSettings(max_attempts=2),
        )

    async def run(self, *on_failure: OnFailure) -> list[StopReason]:
        """Run them all; without words, a failure stops nothing."""
        for number in range(len(self._works)):
            await begin_batch(self.ledger, ACCOUNT.id, job_id=f"job {number}")
        policies = on_failure or (CONTINUE,) * len(self._works)
        links = [self._link(*each) for each in enumerate(zip(self._works, policies, strict=True))]
        await Chain(self._tools, links, self.stop).run()
        return [result.stop_reason for result in self.results]

    @property
    def given_states(self) -> list[object]:
        """What each session was opened with."""
        return [session.given_state for session in self.launcher.sessions]

    def _link(self, number: int, of_step: tuple[Work, OnFailure]) -> Link:
        run, on_failure = of_step
        work = Assignment(
            account=ACCOUNT,
            inputs=no_inputs(ACCOUNT.id),
            step=replace(step_of(run), id=f"{number}"),
            run_id=RUN_ID,
            job_id=f"job {number}",
            requested=9,
            log=self.recorded.log,
            has_next=number < len(self._works) - 1,
        )
        listener = Listener(
            on_attempt=lambda _number: None,
            on_item=lambda _index, _item: None,
            on_end=self.results.append,
        )
        return Link(work=work, on_failure=on_failure, listener=listener)


@pytest.fixture(autouse=True)
def refusals(monkeypatch: pytest.MonkeyPatch) -> dict[str, WorkError]:
    refused: dict[str, WorkError] = {}
    monkeypatch.setattr(FakeSignIn, "refusals", refused)
    monkeypatch.setattr(attempt_module, "PercentySite", FakeSignIn)
    return refused


async def nothing(_ctx: StepContext) -> StopReason:
    return StopReason.SOURCE_EMPTY


async def break_off(_ctx: StepContext) -> StopReason:
    raise BROKEN


async def one_of_two_items_fails(ctx: StepContext) -> StopReason:
    for number, outcome in enumerate([ItemOutcome.DONE, ItemOutcome.FAILED]):
        await ctx.book.record(ItemResult(key=product_key(number), outcome=outcome))
    return StopReason.SOURCE_EMPTY


async def lose_the_account(ctx: StepContext) -> StopReason:
    await ctx.ledger.release(ctx.job.lease)
    await ctx.ledger.acquire(ctx.job.lease.resource, OTHERS, 1e9)
    raise LeaseLostError


def raising(*errors: Exception) -> Work:
    """Raise these, one in each attempt; then there is nothing to do."""
    left = list(errors)

    async def work(_ctx: StepContext) -> StopReason:
        if left:
            raise left.pop(0)
        return StopReason.SOURCE_EMPTY

    return work


NOT_BEGUN = StopReason.EARLIER_STEP
DONE = StopReason.SOURCE_EMPTY
ERROR = StopReason.ERROR


async def test_the_steps_are_worked_in_their_order_under_one_lease() -> None:
    tokens: list[int] = []

    async def note(ctx: StepContext) -> StopReason:
        tokens.append(ctx.job.lease.token)
        return StopReason.SOURCE_EMPTY

    steps = Steps(note, note, note)

    assert await steps.run() == [DONE] * 3
    assert len(tokens) == 3
    assert len(set(tokens)) == 1
    assert await steps.ledger.holder(f"account:{ACCOUNT.id}") is None
    assert [line for line in steps.recorded.lines() if "실행 시작" in line] == [
        f"=== {number}단계 실행 시작: 수량=9 ===" for number in range(3)
    ]


@pytest.mark.parametrize("store", [None, KeptInMemory()], ids=["kept nowhere", "kept"])
async def test_the_first_sign_in_serves_all_steps(store: SignInStore | None) -> None:
    steps = Steps(nothing, nothing, nothing, store=store)
    await steps.run()
    assert steps.given_states == [None, SIGNED_IN, SIGNED_IN]
    signed_in = [line for line in steps.recorded.lines() if line.startswith("로그인 성공")]
    assert signed_in == ["로그인 성공", *["로그인 성공 (저장된 로그인 사용)"] * 2]


async def test_a_sign_in_that_has_expired_leads_to_a_new_one() -> None:
    steps = Steps(nothing, raising(SignedOutError()), nothing)
    assert await steps.run() == [DONE] * 3
    assert steps.given_states == [None, SIGNED_IN, None, SIGNED_IN]


@pytest.mark.parametrize(
    ("policy", "reasons"), [(CONTINUE, [ERROR, DONE, DONE]), (STOP, [ERROR, NOT_BEGUN, NOT_BEGUN])]
)
async def test_a_failed_step_stops_the_later_ones_only_where_it_is_to(
    policy: OnFailure, reasons: list[StopReason]
) -> None:
    steps = Steps(break_off, nothing, nothing)

    assert await steps.run(policy, CONTINUE, CONTINUE) == reasons

    not_begun = [result for result in steps.results if result.stop_reason is NOT_BEGUN]
    assert {(each.attempts, each.status, each.totals.not_attempted) for each in not_begun} <= {
        (0, "cancelled", 9)
    }
    assert steps.recorded.lines("warning").count(
        "=== 2단계 시작하지 않음: 앞 단계가 실패했습니다 ==="
    ) == (policy is STOP)


async def test_failed_items_beside_finished_ones_stop_no_later_step() -> None:
    assert await Steps(one_of_two_items_fails, nothing).run(STOP, STOP) == [DONE, DONE]


async def test_a_refused_sign_in_is_never_tried_again_by_a_later_step(
    refusals: dict[str, WorkError],
) -> None:
    refusals[ACCOUNT.id] = WRONG_PASSWORD
    steps = Steps(nothing, nothing, nothing)
    assert await steps.run() == [ERROR, NOT_BEGUN, NOT_BEGUN]
    assert len(steps.launcher.sessions) == 1


@pytest.mark.parametrize(
    "kind", [FailureKind.CAPTCHA, FailureKind.LOCKED, FailureKind.WRONG_ACCOUNT]
)
async def test_nor_is_one_that_was_refused_later(
    refusals: dict[str, WorkError], kind: FailureKind
) -> None:
    async def sign_out(_ctx: StepContext) -> StopReason:
        refusals[ACCOUNT.id] = WorkError(kind, "거절")
        raise SignedOutError

    steps = Steps(nothing, sign_out, nothing)
    assert await steps.run() == [DONE, ERROR, NOT_BEGUN]


async def test_who_lost_the_account_leaves_it_alone() -> None:
    steps = Steps(nothing, lose_the_account, nothing)

    assert await steps.run() == [DONE, ERROR, NOT_BEGUN]

    failure = steps.results[1].failure
    assert failure
    assert failure.kind is FailureKind.IN_USE


async def test_an_account_that_somebody_else_drives_is_asked_for_once() -> None:
    steps = Steps(nothing, nothing)
    await steps.ledger.acquire(f"account:{ACCOUNT.id}", OTHERS, 1e9)
    asyncio.get_running_loop().call_later(1, steps.stop.drain)  # who is asked to stop waits no more

    assert await steps.run() == [ERROR, NOT_BEGUN]
    assert (steps.launcher.sessions, steps.results[0].attempts) == ([], 0)


async def test_a_step_after_a_stop_is_told_with_the_reason_of_the_stop() -> None:
    async def drain(ctx: StepContext) -> StopReason:
        steps.stop.drain(StopReason.HALTED)
        return StopReason.CANCELLED

    steps = Steps(nothing, drain, nothing)
    assert await steps.run() == [DONE, StopReason.HALTED, StopReason.HALTED]
    assert (await read_job(steps.ledger, ACCOUNT.id, job_id="job 2")).attempts == ()


async def test_an_account_that_kills_its_browsers_is_parked_for_all_steps() -> None:
    death = WorkError(FailureKind.BROWSER_CRASHED, "브라우저가 닫혔습니다")
    steps = Steps(raising(*[death] * 3), nothing)
    assert await steps.run() == [ERROR, NOT_BEGUN]
