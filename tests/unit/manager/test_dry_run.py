"""A dry run: what is found, what is known from before, and nothing that changes."""

import asyncio
import signal
from dataclasses import replace

import pytest

from percenty_batch.cli.dry_run import exit_code, plan_lines
from percenty_batch.errors import CannotRunError, FailureKind, LeaseLostError, WorkError
from percenty_batch.jobs import look
from percenty_batch.ledger import Ledger
from percenty_batch.manager import dry_run
from percenty_batch.models import ItemOutcome, ItemResult, StopReason
from percenty_batch.steps import STEPS, Found, StepContext
from percenty_batch.steps.budgets import IMAGES, PRODUCTS, TRANSLATIONS, image_budget
from tests.unit.jobs.builders import product_key
from tests.unit.jobs.fakes import FakeSignIn
from tests.unit.jobs.ledgers import LEASE_S, OTHERS
from tests.unit.manager.conftest import ONE, TWO, House, LauncherOfNoBrowser

NO_PACE = "예상 시간: 알 수 없음 (이 계정과 단계의 완료 기록이 없음)"


@pytest.fixture(autouse=True)
def surroundings(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def count(ctx: StepContext) -> Found:
        return Found(count=3 if ctx.account.id == ONE else 5, lines=("한 줄",))

    monkeypatch.setattr(dry_run, "Launcher", lambda _settings, log: LauncherOfNoBrowser(house, log))
    monkeypatch.setattr(look, "PercentySite", FakeSignIn)
    monkeypatch.setattr(dry_run, "read_ledger", house.open_ledger)
    monkeypatch.setitem(STEPS, "1", replace(STEPS["1"], look=count))


async def finish_in_ten_seconds(ctx: StepContext) -> StopReason:
    for number in range(2):
        item = ItemResult(key=product_key(number), outcome=ItemOutcome.DONE, duration_s=10.0)
        await ctx.book.record(item)
    return StopReason.SOURCE_EMPTY


def test_what_is_found_is_told_against_what_is_requested_with_the_pace_of_before(
    house: House,
) -> None:
    house.work = finish_in_ten_seconds
    house.manager().run_single_step(1, [ONE], quantity=2)

    seen = house.manager().dry_run([1], quantity=4)

    assert [(each.account, each.expected_items, each.expected_s) for each in seen.outlooks] == [
        (ONE, 3, 30.0),
        (TWO, 4, None),
    ]
    assert exit_code(seen) == 0
    assert list(plan_lines(seen))[2:] == [
        f"  ✅ {ONE}: 상품 3개 (요청 4개), 예상 시간: 30초 (완료 2개의 중앙값 10.0초)",
        "    한 줄",
        f"  ✅ {TWO}: 상품 5개 (요청 4개), {NO_PACE}",
        "    한 줄",
        "합계: 계정 2개 중 2개 확인, 처리 예정 7개,"
        " 예상 시간: 30초, 동시에 계정 2개 (알 수 없는 1건 제외)",
    ]


def test_the_ledger_knows_nothing_of_it_and_no_account_is_leased(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    holders: list[object] = []

    async def see(ctx: StepContext) -> Found:
        holders.append(await ctx.ledger.holder(f"account:{ctx.account.id}"))
        with pytest.raises(LeaseLostError):
            await ctx.book.begin(product_key(1))
        return Found(count=1)

    monkeypatch.setitem(STEPS, "1", replace(STEPS["1"], look=see))
    house.manager().dry_run([1])

    assert holders == [None] * 2
    assert asyncio.run(house.ledger.runs(9)) == ()
    assert house.files
    assert not [name for name in house.files if "report" in name]


def test_an_account_that_is_being_worked_or_refused_is_told_and_costs_no_other(
    house: House,
) -> None:
    asyncio.run(house.ledger.acquire(f"account:{ONE}", OTHERS, LEASE_S))
    seen = house.manager(accounts=(ONE.upper(), TWO)).dry_run([1])
    assert [each.failure and each.failure.kind for each in seen.outlooks] == [
        FailureKind.IN_USE,
        None,
    ]
    assert exit_code(seen) == 1
    house.refusals[TWO] = WorkError(FailureKind.WRONG_PASSWORD, "비밀번호가 올바르지 않습니다")
    assert exit_code(house.manager().dry_run([1])) == 3


def test_what_is_left_of_the_days_limits_is_told_by_the_steps_that_spend(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def spend(ctx: StepContext) -> StopReason:
        await image_budget(ctx).spend("picture", 30)
        return StopReason.SOURCE_EMPTY

    house.work = spend
    house.manager().run_single_step(1, [ONE])
    assert not any("오늘 남은" in line for line in plan_lines(house.manager().dry_run([1])))
    monkeypatch.setitem(STEPS, "1", replace(STEPS["1"], spends=(TRANSLATIONS, IMAGES, PRODUCTS)))

    lines = list(plan_lines(house.manager().dry_run([1, 1])))

    assert f"오늘 남은 한도 - {ONE}: 일괄 번역 300/300, 번역 이미지 1970/2000" in lines
    assert f"오늘 남은 한도 - {TWO}: 일괄 번역 300/300, 번역 이미지 2000/2000" in lines


def test_where_nothing_can_be_opened_it_says_so(house: House) -> None:
    house.site_problem = CannotRunError("사이트에 연결할 수 없습니다")
    with pytest.raises(CannotRunError, match="연결할 수 없습니다"):
        house.manager().dry_run([1])


def test_a_signal_leaves_the_rest_unseen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def see(ctx: StepContext) -> Found:
        if ctx.account.id == TWO:
            signal.raise_signal(signal.SIGTERM)
            await asyncio.Event().wait()
        return Found(count=1)

    monkeypatch.setitem(STEPS, "1", replace(STEPS["1"], look=see))
    seen = house.manager(concurrency=1).dry_run([1])

    assert [each.found is not None for each in seen.outlooks] == [True, False]
    assert exit_code(seen) == 143


def test_the_ledger_gives_the_latest_durations_first(house: House) -> None:
    house.work = finish_in_ten_seconds
    house.manager().run_single_step(1, [ONE], quantity=2)
    ledger: Ledger = house.ledger
    assert asyncio.run(ledger.durations(ONE, "1", 1)) == (10.0,)
    assert asyncio.run(ledger.durations(TWO, "1", 9)) == ()
