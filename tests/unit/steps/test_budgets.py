from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from percenty_batch.models import StopReason
from percenty_batch.settings import StepSettings
from percenty_batch.steps.budgets import (
    IMAGES,
    Budget,
    image_budget,
    korean_day,
    left_of,
    product_budget,
)
from tests.unit.steps.fakes import Account1, FakeList

EVENING = datetime(2024, 12, 1, 14, 59, 59, tzinfo=UTC)  # one second before midnight in Korea


@pytest.mark.parametrize(
    ("in_run", "today", "per_run", "per_day", "left"),
    [
        (5, 5, None, None, None),
        (5, 5, 20, None, 15),
        (5, 30, None, 40, 10),
        (5, 30, 20, 40, 10),
        (15, 30, 20, 40, 5),
        (20, 30, 20, 40, 0),
        (0, 99, 20, 40, 0),
    ],
)
def test_the_tighter_limit_counts_and_nothing_is_left_below_zero(
    in_run: int, today: int, per_run: int | None, per_day: int | None, left: int | None
) -> None:
    assert left_of(in_run=in_run, today=today, per_run=per_run, per_day=per_day) == left


def test_a_day_begins_at_midnight_in_korea_wherever_we_are() -> None:
    assert korean_day(EVENING) == date(2024, 12, 1)
    assert korean_day(EVENING + timedelta(seconds=1)) == date(2024, 12, 2)


async def budget(job: Account1, *, now: datetime = EVENING) -> Budget:
    allowance = replace(IMAGES, per_day=lambda _rules: 12)
    return Budget(await job.attempt(), allowance, per_run=10, now=lambda: now)


async def test_what_is_spent_counts_in_the_run_and_on_the_day() -> None:
    job = Account1(products=FakeList(0))
    await (await budget(job)).spend("one", 4)
    assert await (await budget(job)).left() == 6
    tomorrow = await budget(job, now=EVENING + timedelta(hours=1))
    assert await tomorrow.left() == 6  # the run is still the same

    await tomorrow.spend("two", 6)

    assert await tomorrow.left() == 0
    assert await tomorrow.reason_to_stop() is StopReason.BUDGET_REACHED


async def test_the_same_thing_is_counted_once() -> None:
    job = Account1(products=FakeList(0))
    for _ in range(3):
        await (await budget(job)).spend("one", 4)
    assert await (await budget(job)).left() == 6


async def test_the_limits_are_those_of_the_settings() -> None:
    rules = StepSettings(images_per_run=7, images_per_day=5)
    ctx = await Account1(products=FakeList(0), rules=rules).attempt()
    assert await image_budget(ctx).left() == 5
    assert await product_budget(ctx).left() is None
    assert await product_budget(ctx).reason_to_stop() is None
