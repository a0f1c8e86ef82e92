"""Uploading the products of one group from 신규 상품 등록 (percenty-steps, step 6_1).

What was uploaded is what has left the list: the dialog's numbers are compared with it, and the
list wins. Products stand in the ledger before they are given to the dialog.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty import (
    MOST_PER_UPLOAD,
    BulkProgress,
    ListFilter,
    ProductPage,
    UploadReport,
)
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.items import Tally
from percenty_batch.steps.patience import silences

MOST_ROUNDS = 5
_UPLOAD = "upload"
_UNTOLD = "사유를 알 수 없음"


@dataclass(slots=True, kw_only=True)
class GroupUpload:
    """One group's upload in this run. `given`: every product that the dialog was given.

    `failed` maps a product to the site's reason; `doubtful` are those that the dialog counted as
    uploaded and the list still shows: they are not given to it again.
    """

    given: set[str]
    failed: dict[str, str] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    here: frozenset[str] = frozenset()

    def take(self, report: UploadReport, batch: Collection[str], here: frozenset[str]) -> None:
        """Put the dialog's words beside the list as it stands after the upload."""
        self.here = here
        self.left |= self.given - here
        stays = set(batch) & here
        told = {each.key: each.reason for each in report.failed if each.key in stays}
        self.failed |= told
        untold = stays - told.keys()
        if len(untold) <= (report.failed_count or 0) - len(report.failed):
            self.failed |= dict.fromkeys(untold, _UNTOLD)
        else:
            self.doubtful |= untold

    @property
    def passed(self) -> set[str]:
        """Products that are not to be given to the dialog again."""
        return self.failed.keys() | self.doubtful

    @property
    def waiting(self) -> set[str]:
        """Products of the list that were not tried to the end."""
        return set(self.here) - self.passed


def reasons(failed: Mapping[str, str]) -> str:
    """Sum the reasons up: each once, with its count, the most frequent first."""
    counts: dict[str, int] = {}
    for reason in failed.values():
        counts[reason] = counts.get(reason, 0) + 1
    ordered = sorted(counts.items(), key=lambda each: -each[1])
    return ", ".join(f"{reason} ({count}개)" for reason, count in ordered)


async def begin(ctx: StepContext, edits: ItemEdits, group: str, tally: Tally) -> GroupUpload:
    """Look what is there: what an earlier start of this run gave and the list lacks is uploaded."""
    work = GroupUpload(given=_given(ctx, edits))
    await ctx.site.collected.open()
    await ctx.site.collected.show(_filter(group))
    work.here = await _keys(ctx)
    work.left = work.given - work.here
    tally.products = len(work.left)
    return work


async def upload(
    ctx: StepContext,
    edits: ItemEdits,
    group: str,
    markets: frozenset[str],
    work: GroupUpload,
    tally: Tally,
) -> None:
    """Upload in rounds of up to 50, until all has left or failed, or the rounds are used up.

    Raises ItemError when an upload stands still: nobody knows what becomes of it.
    """
    for number in range(1, MOST_ROUNDS + 1):
        page, is_first = await _page_with(ctx, group, work.passed)
        if page is None:
            work.here &= work.passed
            break
        batch = [key for key in page.keys if key not in work.passed][:MOST_PER_UPLOAD]
        work.given |= set(batch)
        await edits.intend(_UPLOAD, {"run": ctx.job.run_id, "keys": [*sorted(work.given)]})
        report = await _run(ctx, group, page, batch, markets)
        if not is_first or not report.is_finished:
            await _load_anew(ctx, group)
        here = await _keys_after(ctx, report, batch)
        work.take(report, batch, here)
        tally.products = len(work.left)
        _tell(ctx, group, number, batch, report, work)
        if not report.is_finished:
            raise ItemError(
                FailureKind.TIMEOUT,
                f"업로드가 {ctx.rules.upload_stall_s:g}초 동안 진행되지 않았습니다"
                f" ({len(batch)}개 중 {len(set(batch) - here)}개 업로드됨)",
                effect_unknown=True,
            )
    if work.given:
        await edits.confirm(_UPLOAD)


async def _run(
    ctx: StepContext, group: str, page: ProductPage, batch: list[str], markets: frozenset[str]
) -> UploadReport:
    """Give the products to the dialog and follow it to its end."""

    def note(progress: BulkProgress) -> None:
        ctx.goes_on()
        ctx.log.debug(f"업로드 {progress.handled}/{progress.total}", item=group)

    products = ctx.site.collected
    await products.selection.these(page, batch)
    await products.selection.use("업로드")
    dialog = products.upload_dialog
    await dialog.choose_markets(markets)
    await dialog.start(ctx.rules.upload_stall_s)
    report = await dialog.follow(ctx.rules.upload_stall_s, note)
    if report.is_finished:  # else it is left alone: closing it would abort what it still does
        await dialog.leave()
    return report


async def _load_anew(ctx: StepContext, group: str) -> None:
    """Have the list on its first page, whatever stood open."""
    await ctx.site.start_over()
    await ctx.site.collected.open()
    await ctx.site.collected.show(_filter(group))


async def _page_with(
    ctx: StepContext, group: str, passed: set[str]
) -> tuple[ProductPage | None, bool]:
    """Find the first page with a product that may be uploaded, and whether it is page one."""
    products = ctx.site.collected
    page: ProductPage | None = await products.show(_filter(group))
    is_first = True
    while page is not None and not set(page.keys) - passed:
        page, is_first = await products.next_page(), False
    return page, is_first


async def _keys_after(ctx: StepContext, report: UploadReport, batch: list[str]) -> frozenset[str]:
    """Read the group's keys anew, until what the dialog counted has left, or patience ends."""
    if not report.is_finished:
        return await _keys(ctx)
    return await _keys(ctx, gone=set(batch) - {each.key for each in report.failed})


async def _keys(ctx: StepContext, gone: Collection[str] = ()) -> frozenset[str]:
    """Collect the keys of all pages, until none of `gone` is among them, or patience ends.

    Raises ItemError when they never were as many as the list says.
    """
    keys, total = set[str](), 0
    for silence_s in silences(ctx.limits.stale_list_timeout_s):
        first = await ctx.site.collected.refresh(silence_s=silence_s)
        keys, total = set(), first.total
        page: ProductPage | None = first
        while page is not None:
            keys |= set(page.keys)
            page = await ctx.site.collected.next_page() if len(keys) < total else None
        if len(keys) == total and keys.isdisjoint(gone):
            break
    if len(keys) != total:
        raise ItemError(
            FailureKind.PAGE_CHANGED,
            f"상품 목록의 개수({total})와 상품({len(keys)}개)이 맞지 않습니다",
        )
    return frozenset(keys)


def _tell(
    ctx: StepContext,
    group: str,
    number: int,
    batch: list[str],
    report: UploadReport,
    work: GroupUpload,
) -> None:
    log, uploaded = ctx.log.bind(item=group), len(set(batch) - work.here)
    log.info(f"업로드 {number}회: {len(batch)}개 중 {uploaded}개 업로드됨")
    for key in batch:
        if key in work.failed:
            log.warning(f"업로드 실패: {key} - {work.failed[key]}")
    for each in report.failed:
        if each.key in work.left:
            log.warning(f"업로드되었으나 일부 마켓이 거절함: {each.key} - {each.reason}")
    if report.is_finished and report.succeeded not in (None, uploaded):
        log.warning(f"업로드 창은 {report.succeeded}건 성공, 목록에서는 {uploaded}개가 빠졌습니다")


def _given(ctx: StepContext, edits: ItemEdits) -> set[str]:
    """What this run gave to the dialog; an earlier run's products are not this one's to count."""
    match edits.intended(_UPLOAD):
        case {"run": ctx.job.run_id, "keys": list(keys)}:
            return set(map(str, keys))
    return set()


def _filter(group: str) -> ListFilter:
    return ListFilter(group=group, page_size=MOST_PER_UPLOAD)
