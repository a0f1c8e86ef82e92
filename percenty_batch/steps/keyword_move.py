"""Steps 2_1 to 2_3: the products of a keyword go to another group, unedited (percenty-steps)."""

import asyncio
from collections.abc import Iterable
from functools import partial

from percenty_batch.accounts import Needs, Task
from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.ledger import Json
from percenty_batch.models import StopReason
from percenty_batch.percenty import ListFilter, ProductPage
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.items import ItemWorked, Tally, work_items
from percenty_batch.steps.list_moves import found_in, move_lot
from percenty_batch.steps.spec import Found, StepSpec
from percenty_batch.steps.units import Unit

SOURCE = "신규수집"
_LONGEST_KEYWORD_S = 4 * 3600.0  # thousands of products; each move has the limit of an item


def step(number: int) -> StepSpec:
    """Declare step 2_`number`: the rows of step2 with final_group 서버`number`."""
    step_id = f"2_{number}"
    return StepSpec(
        id=step_id,
        title=f"키워드별 그룹 이동 (서버{number})",
        unit=Unit.KEYWORD,
        usual_quantity=None,
        rows=lambda inputs: inputs.tasks_of(step_id),
        needs=Needs(tasks=True),
        limits=("키워드의 상품을 50개씩, 검색 결과가 0개가 될 때까지 옮김",),
        stops=(StopReason.QUANTITY_REACHED, StopReason.SOURCE_EMPTY),
        run=partial(_run, step_id),
        look=partial(_look, step_id),
    )


async def _run(step_id: str, ctx: StepContext) -> StopReason:
    works = {_key(task): partial(_move, ctx, task) for task in ctx.inputs.tasks_of(step_id)}
    return await work_items(ctx, works, timeout_s=_LONGEST_KEYWORD_S)


async def _look(step_id: str, ctx: StepContext) -> Found:
    """Count what each keyword finds; the search also takes products whose names lack the code."""

    async def totals() -> list[int]:
        managed = ctx.site.managed
        await managed.open()
        return [(await managed.show(_filter(task))).total for task in tasks]

    tasks = ctx.inputs.tasks_of(step_id)
    found = await ctx.site.fenced(totals(), name="look")
    return Found(
        count=sum(total > 0 for total in found),
        lines=tuple(
            f"{_key(task)} → {task.target_group}: 상품 {total}개"
            for task, total in zip(tasks, found, strict=True)
        ),
    )


async def _move(ctx: StepContext, task: Task, tally: Tally) -> ItemWorked:
    """Move the keyword's products, lot by lot, until the search finds none."""
    edits = await ctx.edits(_key(task))
    managed = ctx.site.managed
    await managed.open()
    number = await _count_earlier(ctx, task, edits, tally)
    while (shown := await _next_lot(ctx, task)) is not None:
        page, keys = shown
        number += 1
        await edits.intend(_lot(number), _intent(ctx, keys))
        try:
            async with asyncio.timeout(ctx.limits.item_timeout_s):
                moved = await move_lot(ctx, managed, _filter(task), page, keys, task.target_group)
        except TimeoutError as error:
            raise ItemError(
                FailureKind.TIMEOUT, f"그룹 이동이 제한 시간을 넘었습니다 ({task.target_group})"
            ) from error
        tally.products += len(moved)
        await edits.intend(_lot(number), _intent(ctx, moved))
        await edits.confirm(_lot(number))
    return ItemWorked(moved_to=task.target_group)


async def _next_lot(ctx: StepContext, task: Task) -> tuple[ProductPage, list[str]] | None:
    """Search, and find the first page with products whose names really hold the code."""
    managed = ctx.site.managed
    page: ProductPage | None = await managed.show(_filter(task))
    while page is not None:
        code = task.code.casefold()
        if keys := [row.key for row in page.rows if code in row.name.casefold()]:
            return page, keys
        page = await managed.next_page()
    return None


async def _count_earlier(ctx: StepContext, task: Task, edits: ItemEdits, tally: Tally) -> int:
    """Count what earlier starts of this run moved; returns the number of their lots."""
    number = 0
    while (intent := edits.intended(_lot(number + 1))) is not None:
        number += 1
        match intent:
            case {"run": str(run), "keys": list(keys)} if run == ctx.job.run_id:
                moved = set(map(str, keys))
                if not edits.is_done(_lot(number)):
                    # A death came between: what has arrived was moved, the rest is still found.
                    moved = set(
                        await found_in(ctx.site.managed, _filter(task), task.target_group, moved)
                    )
                    await edits.intend(_lot(number), _intent(ctx, moved))
                    await edits.confirm(_lot(number))
                tally.products += len(moved)
    return number


def _filter(task: Task) -> ListFilter:
    return ListFilter(group=SOURCE, keyword=task.code)


def _key(task: Task) -> str:
    return f"{task.code}@{task.final_group}"


def _lot(number: int) -> str:
    return f"move {number}"


def _intent(ctx: StepContext, keys: Iterable[str]) -> Json:
    return {"run": ctx.job.run_id, "keys": [*sorted(keys)]}


STEPS = tuple(step(number) for number in (1, 2, 3))
