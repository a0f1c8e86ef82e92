"""Step 6_1: each shop group is uploaded to its own markets, all but 쿠팡 (percenty-steps)."""

from functools import partial

from percenty_batch.accounts import MarketRow, Needs
from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.models import ItemOutcome, StopReason
from percenty_batch.percenty import MOST_PER_UPLOAD, ListFilter
from percenty_batch.steps import group_upload
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.group_upload import MOST_ROUNDS, GroupUpload, reasons
from percenty_batch.steps.items import ItemWorked, Tally, work_items
from percenty_batch.steps.market_connecting import connect
from percenty_batch.steps.market_keys import SMARTSTORE_NOT_OFFERED, connections
from percenty_batch.steps.spec import Found, StepSpec
from percenty_batch.steps.units import Unit

# Far more than 250 products take: whether an upload stands still is seen from its progress.
_MOST_S_PER_ROW = 4 * 3600.0


async def run(ctx: StepContext) -> StopReason:
    """Work the account's rows in the workbook's order; each is known by its group."""
    works = {row.group: partial(_work, ctx, row) for row in ctx.inputs.markets}
    return await work_items(ctx, works, timeout_s=_MOST_S_PER_ROW)


async def look(ctx: StepContext) -> Found:
    """Tell each row's markets, and count its group's products."""

    async def counts() -> list[int]:
        products = ctx.site.collected
        await products.open()
        return [
            (await products.show(ListFilter(group=row.group))).total for row in ctx.inputs.markets
        ]

    found = await ctx.site.fenced(counts(), name="look")
    lines = [
        f"{row.group}: 상품 {count}개 → {_markets_of(row)}"
        for row, count in zip(ctx.inputs.markets, found, strict=True)
    ]
    return Found(
        count=sum(bool(connections(row)) for row in ctx.inputs.markets), lines=tuple(lines)
    )


async def _work(ctx: StepContext, row: MarketRow, tally: Tally) -> ItemWorked:
    """Connect the row's markets and upload its group."""
    if row.smartstore_api:
        ctx.log.warning(SMARTSTORE_NOT_OFFERED, item=row.group)
    wanted = connections(row)
    if not wanted:
        return ItemWorked(outcome=ItemOutcome.SKIPPED, reason=_markets_of(row))
    edits = await ctx.edits(row.group)
    work = await group_upload.begin(ctx, edits, row.group, tally)
    if not work.here:
        return ItemWorked(reason=None if work.given else "업로드할 상품이 없습니다")
    connected = await connect(ctx, row.group, wanted)
    for words in connected.refused:
        ctx.log.error(f"API 검증 실패 - {words}", item=row.group)
    await ctx.site.collected.open()
    await group_upload.upload(ctx, edits, row.group, connected.markets, work, tally)
    return _ended(work, connected.refused)


def _ended(work: GroupUpload, refused: tuple[str, ...]) -> ItemWorked:
    """Say what became of the row: done only when every product has left or is told as failed.

    Raises ItemError where the site contradicts itself or products are left over.
    """
    if work.doubtful:
        raise ItemError(
            FailureKind.SITE_ERROR,
            f"업로드 창은 성공이라고 했으나 상품 {len(work.doubtful)}개가 목록에 남아 있습니다: "
            + ", ".join(sorted(work.doubtful)),
            effect_unknown=True,
        )
    told = [*(f"API 검증 실패 - {words}" for words in refused)]
    if work.failed:
        told.append(f"상품 {len(work.failed)}개 업로드 실패: {reasons(work.failed)}")
    if work.waiting:
        raise ItemError(
            FailureKind.UNKNOWN,
            "; ".join(
                (f"{MOST_ROUNDS}회 업로드한 뒤 상품 {len(work.waiting)}개가 남아 있습니다", *told)
            ),
        )
    outcome = ItemOutcome.DONE if work.left else ItemOutcome.FAILED
    return ItemWorked(outcome=outcome, reason="; ".join(told) or None)


def _markets_of(row: MarketRow) -> str:
    labels = [connection.market.label for connection in connections(row)]
    parts = [", ".join(labels) or "쓸 수 있는 API 키가 없습니다"]
    return "; ".join([*parts, *([SMARTSTORE_NOT_OFFERED] if row.smartstore_api else [])])


STEP = StepSpec(
    id="6_1",
    title="쿠팡을 뺀 모든 마켓에 업로드",
    unit=Unit.MARKET_ROW,
    usual_quantity=None,
    needs=Needs(markets=True),
    rows=lambda inputs: inputs.markets,
    limits=(
        f"마켓 행 하나에서 상품 {MOST_PER_UPLOAD}개씩 {MOST_ROUNDS}회까지",
        SMARTSTORE_NOT_OFFERED,
    ),
    stops=(StopReason.QUANTITY_REACHED, StopReason.SOURCE_EMPTY),
    run=run,
    look=look,
)
