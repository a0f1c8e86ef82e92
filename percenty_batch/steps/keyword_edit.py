"""Steps 3_1 to 3_3 and 3_1_1 to 3_3_3: the products of a keyword are edited one by one and moved.

The rows of the account's task sheet say which keyword, what edits, and where to. An edit that
fails leaves its product where it is, with the reason (percenty-steps, steps 3_n).
"""

from collections.abc import Iterator
from functools import partial

from percenty_batch.accounts import Edits, Needs, Task
from percenty_batch.models import StopReason
from percenty_batch.percenty import ListedProduct, ProductPage
from percenty_batch.steps.actions import Act, closing, copying, html, removing, translating
from percenty_batch.steps.actions.translating import Translating
from percenty_batch.steps.budgets import IMAGES, PRODUCTS, Budget, image_budget
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.keyword_loop import rounds, work_keywords
from percenty_batch.steps.product_edit import edit_and_move
from percenty_batch.steps.product_loop import Worked
from percenty_batch.steps.sources import Searched
from percenty_batch.steps.spec import Found, StepSpec
from percenty_batch.steps.units import Unit

SOURCE = "신규수집"
_MOST_IMAGES = 100  # of one product, each of which has a time limit of its own


def acts(edits: Edits, images: Budget) -> Iterator[Act]:
    """Give the actions that a row asks for, in the order of its columns."""
    if edits.image_delete:
        yield Act("상세 이미지 삭제", removing.delete_detail_images, edits.image_delete)
    if edits.thumbnail_delete:
        yield Act("썸네일 삭제", removing.delete_thumbnails, edits.thumbnail_delete)
    if edits.option_image_copy:
        yield Act("옵션 이미지 복사", copying.copy_option_images, edits.option_image_copy)
    if given := edits.image_translate:
        args = Translating(given=given, budget=images)
        yield Act("상세 이미지 번역", translating.translate_detail_images, args)
    if edits.html_update:
        yield Act("상세페이지 HTML", html.prepend_html, edits.html_update)
    if given := edits.thumbnail_translate:
        args = Translating(given=given, budget=images)
        yield Act("썸네일 번역", translating.translate_thumbnails, args)
    if given := edits.optionimage_translate:
        args = Translating(given=given, budget=images)
        yield Act("옵션 이미지 번역", translating.translate_option_images, args)
    yield Act("저장하고 닫기", closing.save_and_close)


def step(suffix: str) -> StepSpec:
    """Declare step 3_`suffix`: the rows of step3 with final_group 서버`suffix`."""
    step_id = f"3_{suffix}"
    return StepSpec(
        id=step_id,
        title=f"키워드별 이미지 편집과 이동 (서버{suffix.replace('_', '-')})",
        unit=Unit.PRODUCT,
        usual_quantity=200,
        needs=Needs(tasks=True, edits=step_id),
        limits=(
            "키워드마다 상품 20개까지 (기본값, steps.products_per_keyword)",
            "키워드는 작업 시트의 순서대로 한 번씩; steps.keyword_order=round_robin이면"
            " 남은 키워드를 돌아가며 steps.max_rounds번까지",
            "번역 이미지는 하루와 실행에 2,000개까지 (기본값, steps.images_per_day,"
            " steps.images_per_run); 모자라는 상품은 건너뛰고 다음 실행에서 이어서 함",
            "하루의 상품 수는 정하지 않음 (기본값, steps.products_per_day)",
            "키워드는 검색 결과가 0개일 때만 완료",
        ),
        spends=(IMAGES, PRODUCTS),
        stops=(StopReason.QUANTITY_REACHED, StopReason.SOURCE_EMPTY, StopReason.BUDGET_REACHED),
        run=partial(_run, step_id),
        look=partial(_look, step_id),
    )


async def _run(step_id: str, ctx: StepContext) -> StopReason:
    tasks = {task.key: task for task in ctx.inputs.tasks_of(step_id)}
    images = image_budget(ctx)

    async def work(ctx: StepContext, product: ListedProduct, page: ProductPage) -> Worked:
        task = tasks[ctx.source.name]
        row = tuple(acts(task.edits, images))
        return await edit_and_move(ctx, product, page, row, lambda _facts: task.target_group)

    if not tasks:
        return StopReason.SOURCE_EMPTY
    limits, rules = ctx.limits, ctx.rules
    return await work_keywords(
        ctx,
        [_source(ctx, task) for task in tasks.values()],
        work,
        images=images,
        timeout_s=limits.item_timeout_s + _MOST_IMAGES * rules.image_timeout_s,
    )


async def _look(step_id: str, ctx: StepContext) -> Found:
    """Count what each keyword finds, up to its cap, and what is left of the images."""
    tasks = ctx.inputs.tasks_of(step_id)

    async def totals() -> list[int]:
        await ctx.site.managed.open()
        return [(await _source(ctx, task).show()).total for task in tasks]

    most = ctx.rules.products_per_keyword * rounds(ctx.rules)
    found = await ctx.site.fenced(totals(), name="look")
    left = await image_budget(ctx).left()
    return Found(
        count=sum(min(total, most) for total in found),
        lines=(
            *(
                f"{task.key} → {task.target_group}: 상품 {total}개"
                for task, total in zip(tasks, found, strict=True)
            ),
            f"번역할 수 있는 이미지: {left}개",
        ),
    )


def _source(ctx: StepContext, task: Task) -> Searched:
    return Searched(ctx.site, task.key, group=SOURCE, code=task.code)


_SERVERS = "123"
STEPS = tuple(map(step, (*_SERVERS, *(f"{one}_{two}" for one in _SERVERS for two in _SERVERS))))
