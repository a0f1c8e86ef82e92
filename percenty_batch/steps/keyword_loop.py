"""The products of many keywords: in the workbook's order, so many of each, once or in rounds."""

from collections.abc import Sequence

from percenty_batch.models import StopReason
from percenty_batch.percenty import ListedProduct, ProductPage
from percenty_batch.settings import StepSettings
from percenty_batch.steps.budgets import Budget, image_budget, product_budget
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.product_loop import Passed, ProductLoop, ProductWork, Worked
from percenty_batch.steps.resuming import LookUp, look_up
from percenty_batch.steps.sources import ProductSource


async def work_keywords(
    ctx: StepContext,
    sources: Sequence[ProductSource],
    work: ProductWork,
    *,
    images: Budget | None = None,
    look_up: LookUp = look_up,
    timeout_s: float | None = None,
) -> StopReason:
    """Work on the products of each list in turn, within the quantity and the budgets.

    `images` is the budget that the work itself spends; `timeout_s` is for one product (None: the
    setting).

    What an earlier start left open comes first. In rounds, the lists that had more are gone
    through again. Raises WorkError when the account cannot go on.
    """
    products, images = product_budget(ctx), images or image_budget(ctx)

    async def may_begin() -> StopReason | None:
        return await products.reason_to_stop() or await images.reason_to_stop()

    async def counted(ctx: StepContext, product: ListedProduct, page: ProductPage) -> Worked:
        await products.spend(product.key)
        return await work(ctx, product, page)

    loop = ProductLoop(ctx, counted, look_up=look_up, may_begin=may_begin, timeout_s=timeout_s)
    if (reason := await loop.settle(sources)) is not None:
        return reason
    passes: list[Passed] = []
    for number in range(1, rounds(ctx.rules) + 1):
        passes = []
        for source in sources:
            passed = await loop.go_through(source, most=ctx.rules.products_per_keyword)
            _tell(ctx, source, passed)
            if passed.reason is not None:
                return passed.reason
            passes.append(passed)
        sources = [each for each, passed in zip(sources, passes, strict=True) if passed.is_capped]
        if not sources:
            break
        ctx.log.debug(f"{number}번째 순환 뒤 상품이 남은 키워드: {len(sources)}개")
    return reason_at_the_end(passes)


def rounds(rules: StepSettings) -> int:
    """How often the keywords are gone through at most."""
    return rules.max_rounds if rules.keyword_order == "round_robin" else 1


def reason_at_the_end(passes: Sequence[Passed]) -> StopReason:
    """Why the keywords are done with: their own caps, or no product is left."""
    is_capped = any(passed.is_capped for passed in passes)
    return StopReason.BUDGET_REACHED if is_capped else StopReason.SOURCE_EMPTY


def _tell(ctx: StepContext, source: ProductSource, passed: Passed) -> None:
    """A keyword is done with only when its list is empty."""
    state = "완료" if not passed.left else f"일부 처리 - 남은 상품 {passed.left}개"
    ctx.log.info(f"키워드 {source.name} {state} (이번에 {passed.begun}개)")
