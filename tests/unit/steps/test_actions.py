"""What an action says of itself."""

import pytest

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.steps import StepContext
from percenty_batch.steps.actions import (
    NOTHING_TO_DO,
    Act,
    Effect,
    OpenProduct,
    changed,
    failed,
    images,
    memo,
    open_product,
    perform,
)
from tests.unit.steps.drawer import MEMO, Desk, account, numbered
from tests.unit.steps.fakes import Account1


async def opened(job: Account1) -> tuple[StepContext, OpenProduct]:
    ctx, page = await job.attempt(), job.products.page()
    return ctx, await open_product(ctx, page.rows[0], page)


async def test_an_action_tells_whether_it_changed_anything_and_notes_its_facts() -> None:
    ctx, work = await opened(account(Desk(numbered(0, images=33))))

    assert await perform(ctx, work, Act("메모", memo.mark)) == changed()
    assert await perform(ctx, work, Act("메모", memo.mark)) == NOTHING_TO_DO
    assert await perform(ctx, work, Act("이미지", images.keep_most, 30)) == changed("33개 → 30개")
    assert await perform(ctx, work, Act("이미지", images.keep_most, 30)) == NOTHING_TO_DO
    assert (work.facts.memo, work.facts.images) == (MEMO, 30)


async def test_every_action_is_logged_by_its_name_with_what_it_came_to() -> None:
    job = account(Desk(numbered(0, images=33)))
    ctx, work = await opened(job)

    await perform(ctx, work, Act("이미지 줄이기", images.keep_most, 30))

    (line,) = job.log.lines("debug")
    assert line.startswith("이미지 줄이기: 변경, 33개 → 30개 (")


async def test_an_action_that_failed_fails_the_product_with_its_reason() -> None:
    async def fail(_ctx: StepContext, _work: OpenProduct, _args: None) -> Effect:
        return failed("자리가 없습니다")

    job = account(Desk(numbered(0)))
    ctx, work = await opened(job)

    with pytest.raises(ItemError, match="자리가 없습니다") as caught:
        await perform(ctx, work, Act("옮기기", fail))
    assert caught.value.kind is FailureKind.DATA
    assert any("옮기기: 실패, 자리가 없습니다" in line for line in job.log.lines("debug"))
