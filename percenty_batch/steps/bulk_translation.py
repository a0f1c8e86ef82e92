"""Step 4: 서버n is translated in lots of up to 50 and moved to 대기n (percenty-steps, step 4).

A lot stands in the ledger before its translation is started, and it is moved only when the site
has shown that the translation has ended. A lot that was begun earlier is looked up first: by its
rows, and by the day's quota, which tells whether it was started at all.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.models import ItemOutcome, StopReason
from percenty_batch.percenty import (
    ListedProduct,
    ListFilter,
    ProductPage,
    State,
    translation_end,
    translation_state,
)
from percenty_batch.steps.budgets import TRANSLATIONS, Budget, korean_day
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.items import ItemWorked, Streak, Tally, reason_to_stop, work_item
from percenty_batch.steps.list_moves import found_in, move_all
from percenty_batch.steps.lots import LotPlan
from percenty_batch.steps.spec import Found, StepSpec
from percenty_batch.steps.units import Unit

TARGETS = {"서버1": "대기1", "서버2": "대기2", "서버3": "대기3"}
MOST_PRODUCTS = 50
_TRANSLATE, _MOVE = "translate", "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """The next products of a group, and how many the site still translates today."""

    rows: tuple[ListedProduct, ...]
    remaining: int


@dataclass(slots=True, kw_only=True)
class _Round:
    """What one attempt knows: products that a lot had already, and what a lot could not have."""

    had: set[str]
    short: StopReason | None = None
    streak: Streak = field(default_factory=Streak)


async def run(ctx: StepContext) -> StopReason:
    """Translate and move lots of the three groups in turn, within quantity, budget and quota."""
    at = _Round(had=await _had(ctx))
    while (key := ctx.book.owed) is not None:
        if (reason := reason_to_stop(ctx)) is not None:
            return reason
        await _work(ctx, at, key, ())
    while True:
        at.short, has_worked = None, False
        for source in TARGETS:
            if (reason := reason_to_stop(ctx)) is not None:
                return reason
            has_worked |= await _next_lot(ctx, at, source)
        if not has_worked:
            return at.short or StopReason.SOURCE_EMPTY


async def look(ctx: StepContext) -> Found:
    """Count the three groups' products; a lot is of one group."""

    async def totals() -> list[int]:
        await ctx.site.collected.open()
        return [(await ctx.site.collected.show(_filter(group))).total for group in TARGETS]

    found = await ctx.site.fenced(totals(), name="look")
    left = await _budget(ctx).left()
    lines = [
        f"{source} → {target}: 상품 {total}개"
        for (source, target), total in zip(TARGETS.items(), found, strict=True)
    ]
    return Found(
        count=sum(-(-total // MOST_PRODUCTS) for total in found),
        lines=(*lines, f"오늘 남은 번역 예산: {left}개 (사이트의 남은 횟수는 실행할 때 읽음)"),
    )


async def _next_lot(ctx: StepContext, at: _Round, source: str) -> bool:
    """Work the group's next lot; false when it has none, or none that fits."""
    offer = await ctx.site.fenced(_offered(ctx, source, at.had), name=f"offer {source}")
    if offer is None:
        return False
    count = len(offer.rows)
    if offer.remaining < count:
        ctx.log.info(f"{source}: 남은 번역 횟수 {offer.remaining}회 < 선택한 상품 {count}개")
        at.short = StopReason.QUOTA_REACHED
        return False
    left = await _budget(ctx).left()
    if left is not None and left < count:
        ctx.log.info(f"{source}: 오늘 남은 번역 예산 {left}개 < 선택한 상품 {count}개")
        at.short = at.short or StopReason.BUDGET_REACHED
        return False
    number = next(n for n in range(1, 10_000) if not ctx.book.has(f"{source}#{n}"))
    await _work(ctx, at, f"{source}#{number}", offer.rows)
    return True


async def _work(ctx: StepContext, at: _Round, key: str, rows: tuple[ListedProduct, ...]) -> None:
    at.had |= {row.key for row in rows}
    limit_s = ctx.rules.translation_timeout_s + 2 * ctx.limits.item_timeout_s
    work = partial(_translate_and_move, ctx, at, key, rows)
    await work_item(ctx, key, work, at.streak, timeout_s=limit_s)


async def _translate_and_move(
    ctx: StepContext, at: _Round, key: str, rows: tuple[ListedProduct, ...], tally: Tally
) -> ItemWorked:
    """Work one lot, or go on with it where an earlier start left it."""
    source = key.partition("#")[0]
    edits = await ctx.edits(key)
    plan = _plan_of(ctx, edits)
    if plan is None:
        if not rows:
            offer = await _offered(ctx, source, at.had)
            rows = () if offer is None else offer.rows
            at.had |= {row.key for row in rows}
        if not rows:
            return ItemWorked(outcome=ItemOutcome.SKIPPED, reason="번역할 상품이 없습니다")
        started = await _start_new(ctx, key, source, rows, edits)
        if started is None:
            return ItemWorked(outcome=ItemOutcome.SKIPPED, reason="남은 번역 횟수가 부족합니다")
        plan = started
    elif edits.intended(_MOVE) is None and not await _resume(ctx, source, plan):
        return ItemWorked(outcome=ItemOutcome.SKIPPED, reason=f"상품이 {source} 그룹에 없습니다")
    return await _move(ctx, source, plan, edits, tally)


async def _start_new(
    ctx: StepContext,
    key: str,
    source: str,
    rows: tuple[ListedProduct, ...],
    edits: ItemEdits,
) -> LotPlan | None:
    """Start the translation of new products; None when the quota has become too small."""
    remaining = await _open_dialog(ctx, source, rows)
    dialog = ctx.site.collected.translation
    if remaining < len(rows):
        await dialog.close()
        return None
    plan = LotPlan(
        run=ctx.job.run_id, day=str(korean_day(datetime.now(UTC))), quota=remaining, rows=rows
    )
    await edits.intend(_MOVE, None)
    await edits.intend(_TRANSLATE, plan.as_json())
    await _budget(ctx).spend(f"{ctx.job.run_id} {key}", len(rows))
    try:
        await dialog.start()
    except ItemError as failure:
        if not failure.effect_unknown:
            raise
        ctx.log.warning(f"번역을 시작했는지 다시 확인합니다: {failure}", item=key)
        await ctx.site.start_over()
        await _resume(ctx, source, plan)
    return plan


async def _resume(ctx: StepContext, source: str, plan: LotPlan) -> bool:
    """Find out whether the lot's translation was started, and start it if it surely was not.

    False when the lot's products have left the group. Raises ItemError when nothing tells.
    """
    products = ctx.site.collected
    await products.open()
    await products.show(_filter(source))
    if await translation_state(products, plan.rows) is not State.UNTOLD:
        return True
    page = await products.show(_filter(source))
    here = tuple(row for row in page.rows if row.key in plan.keys)
    if not here:
        return False
    remaining = await _open_dialog(ctx, source, here)
    is_today = plan.day == str(korean_day(datetime.now(UTC)))
    if is_today and remaining == plan.quota and len(here) == len(plan.rows):
        await products.translation.start()
        return True
    await products.translation.close()
    if not is_today or remaining > plan.quota - len(plan.rows):
        raise ItemError(
            FailureKind.UNKNOWN, "번역을 시작했는지 확인할 수 없습니다", effect_unknown=True
        )
    return True


async def _move(
    ctx: StepContext, source: str, plan: LotPlan, edits: ItemEdits, tally: Tally
) -> ItemWorked:
    """Wait for the end of the translation, and move what was translated."""
    products, target = ctx.site.collected, TARGETS[source]
    match edits.intended(_MOVE):
        case {"keys": list(keys), "failed": list(failed)}:
            await products.open()
            if plan.run == ctx.job.run_id:
                tally.products += len(
                    await found_in(products, _filter(source), target, set(map(str, keys)))
                )
        case _:
            limit_s = ctx.rules.translation_timeout_s
            ended = await translation_end(products, plan.rows, limit_s)
            keys, failed = [*sorted(ended.done)], [*sorted(ended.failed)]
            await edits.intend(_MOVE, {"keys": keys, "failed": failed})
    await move_all(ctx, products, _filter(source), set(map(str, keys)), target, tally)
    await edits.confirm(_MOVE)
    if failed:
        named = ", ".join(map(str, failed))
        return ItemWorked(
            outcome=ItemOutcome.FAILED,
            moved_to=target,
            reason=f"상품 {len(plan.rows)}개 중 {len(failed)}개의 번역이 실패했습니다: {named}",
        )
    return ItemWorked(moved_to=target)


async def _offered(ctx: StepContext, source: str, had: set[str]) -> _Offer | None:
    """Choose the group's next products, and read how many the site would translate."""
    products = ctx.site.collected
    await products.open()
    page: ProductPage | None = await products.show(_filter(source))
    while page is not None:
        if rows := tuple(row for row in page.rows if row.key not in had)[:MOST_PRODUCTS]:
            await products.selection.these(page, [row.key for row in rows])
            offer = await products.translation.open(len(rows))
            await products.translation.close()
            return _Offer(rows=rows, remaining=offer.remaining)
        page = await products.next_page()
    return None


async def _open_dialog(ctx: StepContext, source: str, rows: tuple[ListedProduct, ...]) -> int:
    """Select the rows anew and open the dialog; returns the remaining quota."""
    products, keys = ctx.site.collected, [row.key for row in rows]
    page: ProductPage | None = await products.show(_filter(source))
    while page is not None and not set(keys) <= set(page.keys):
        page = await products.next_page()
    if page is None:
        raise ItemError(FailureKind.PAGE_CHANGED, f"{source}의 상품이 목록에서 바뀌었습니다")
    await products.selection.these(page, keys)
    return (await products.translation.open(len(keys))).remaining


async def _had(ctx: StepContext) -> set[str]:
    """The products of lots that were begun: nobody translates them a second time blindly."""
    had: set[str] = set()
    for key in dict.fromkeys([*(item.key for item in ctx.book.items), *ctx.book.owed_keys]):
        plan = LotPlan.of((await ctx.edits(key)).intended(_TRANSLATE))
        had |= set() if plan is None else plan.keys
    return had


def _plan_of(ctx: StepContext, edits: ItemEdits) -> LotPlan | None:
    """The lot's plan, unless it is an earlier run's that was carried out."""
    plan = LotPlan.of(edits.intended(_TRANSLATE))
    is_over = plan is not None and plan.run != ctx.job.run_id and edits.is_done(_MOVE)
    return None if is_over else plan


def _budget(ctx: StepContext) -> Budget:
    return Budget(ctx, TRANSLATIONS)


def _filter(source: str) -> ListFilter:
    return ListFilter(group=source, page_size=MOST_PRODUCTS)


STEP = StepSpec(
    id="4",
    title="일괄 번역 (서버1~3 → 대기1~3)",
    unit=Unit.LOT,
    usual_quantity=6,
    limits=(
        f"묶음 하나는 한 그룹의 상품 {MOST_PRODUCTS}개까지",
        "사이트의 남은 번역 횟수와 하루 예산(steps.translations_per_day)을 넘지 않음",
    ),
    spends=(TRANSLATIONS,),
    stops=(
        StopReason.QUANTITY_REACHED,
        StopReason.SOURCE_EMPTY,
        StopReason.QUOTA_REACHED,
        StopReason.BUDGET_REACHED,
    ),
    run=run,
    look=look,
)
