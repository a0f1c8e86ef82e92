"""Step 1: the initial edit of ungrouped products (percenty-steps, step 1).

Every action looks at what is there first, and at what the ledger says was begun, so that what a
broken attempt or a process that died left behind is completed, not doubled.
"""

from percenty_batch.models import StopReason
from percenty_batch.percenty import ListedProduct, ProductPage
from percenty_batch.steps.actions import (
    Act,
    Facts,
    deletion,
    detail,
    disclosure,
    images,
    memo,
    names,
    options,
)
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.product_edit import edit_and_move
from percenty_batch.steps.product_loop import Worked, work_through
from percenty_batch.steps.spec import Found, StepSpec
from percenty_batch.steps.units import Unit

EDITED_GROUP = "신규수집"
TOO_LARGE_GROUP = "삭제X"
MOST_IMAGES = 30
MOST_OPTIONS_AND_IMAGES = 50

ACTS = (
    Act("메모 표시", memo.mark),
    Act("상세페이지에 메모 넣기", detail.embed_memo),
    Act("이미지 줄이기", images.keep_most, MOST_IMAGES),
    Act("이미지 없는 상품 삭제", deletion.delete_without_images),
    Act("옵션 확인", options.count),
    Act("모델명", disclosure.fill_model, "모델명"),
    Act("상품명", names.append_letter, "letter"),
)


def route(facts: Facts) -> str:
    """Tell the group of a product: what is too large for the markets is put aside."""
    size = (facts.options or 0) + (facts.images or 0)
    return EDITED_GROUP if size <= MOST_OPTIONS_AND_IMAGES else TOO_LARGE_GROUP


async def edit(ctx: StepContext, product: ListedProduct, page: ProductPage) -> Worked:
    """Edit one product and move it; done only when the move is verified."""
    return await edit_and_move(ctx, product, page, ACTS, route)


async def run(ctx: StepContext) -> StopReason:
    """Work through the ungrouped products of the account."""
    return await work_through(ctx, edit)


async def look(ctx: StepContext) -> Found:
    """Count the ungrouped products."""
    page = await ctx.site.fenced(ctx.source.open(), name="look")
    return Found(count=page.total, lines=(f"{ctx.source.name} {page.total}개",))


STEP = StepSpec(
    id="1",
    title="비그룹상품 초기 편집",
    unit=Unit.PRODUCT,
    usual_quantity=100,
    stops=(StopReason.QUANTITY_REACHED, StopReason.SOURCE_EMPTY),
    limits=("이미지가 없는 상품은 삭제하고 실패로 셉니다",),
    run=run,
    look=look,
)
