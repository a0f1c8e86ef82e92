"""The dialogs that upload and delete: what they told at their end is what the record says."""

import pytest

from percenty_batch.browser import Launcher
from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty import BulkProgress, DeleteScope, ListFilter, ProductPage
from percenty_batch.sandbox import Faults, MarketFaults, Stock
from tests.integration.percenty.lists import Opened, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

GROUP = "쇼핑몰A1"
STALL_S = 3.0
# What a site may do besides when the upload is started: words like a refusal, a failed look.
HINTS = """() => document.addEventListener('click', event => {
    if (!/일괄 업로드/.test(event.target.closest('button')?.innerText)) return;
    fetch('/api/no-such-count');
    const hint = document.createElement('div');
    hint.className = 'ant-message-notice';
    hint.innerText = '업로드 중에는 창을 닫을 수 없습니다';
    document.body.append(hint);
}, true)"""


# A site that does nothing when the upload is to start.
DEAF = """() => document.addEventListener('click', event => {
    if (/일괄 업로드/.test(event.target.closest('button')?.innerText)) event.stopPropagation();
}, true)"""
# A dialog that is drawn anew, with another choice, right after the first one is made.
REDRAWN = """() => document.addEventListener('click', event => {
    const label = event.target.closest('[role=dialog] label.ant-radio-wrapper');
    if (!label || window.isRedrawn) return;
    window.isRedrawn = true;
    const dialog = label.closest('[role=dialog]');
    setTimeout(() => dialog.querySelector('[role=switch]').click());
    setTimeout(() => dialog.querySelector('label.ant-radio-wrapper').click());
}, true)"""


async def select_for(at: Opened, button: str) -> ProductPage:
    """Select the first page of the group's products and press a button of the toolbar."""
    await at.site.collected.open()
    page = await at.site.collected.show(ListFilter(group=GROUP))
    await at.site.collected.selection.all_of(page)
    await at.site.collected.selection.use(button)
    return page


async def test_an_upload_is_followed_to_its_end_and_its_failures_are_read(
    launcher: Launcher,
) -> None:
    faults = MarketFaults(unsellable_per_group=12, upload_errors=(3,))
    stock = Stock(group=GROUP, count=30)
    async with opened(launcher, stock, faults=Faults(markets=faults)) as at:
        page = await select_for(at, "업로드")
        dialog, told = at.site.collected.upload_dialog, list[BulkProgress]()
        await dialog.choose_markets({"est"})  # the other two connected ones are unchecked
        await dialog.start(STALL_S)
        with pytest.raises(WorkError, match="아직 끝나지 않아"):
            await dialog.leave()
        report = await dialog.follow(STALL_S, told.append)
        await dialog.leave()

        assert (report.succeeded, report.failed_count, report.is_finished) == (17, 13, True)
        assert {each.key for each in report.failed} == {page.keys[2], *page.keys[-12:]}
        assert {each.reason for each in report.failed} == {
            "일시적인 오류가 발생했습니다.",
            "[est] 카테고리 필수 속성이 누락되어 등록할 수 없습니다.",
        }
        handled = [each.handled or 0 for each in told]
        assert handled == sorted(set(handled))
        assert len(handled) > 1
        assert [(c.product, c.after) for c in at.changes("markets")] == [
            (key, ("est",)) for key in page.keys[:18] if key != page.keys[2]
        ]
        after = await at.site.collected.refresh()
        assert set(after.keys) == {each.key for each in report.failed}
        assert {product.group for product in at.sandbox.products("a@example.com")} == {GROUP}


async def test_an_upload_that_does_not_move_on_is_told_and_never_aborted(
    launcher: Launcher,
) -> None:
    faults = Faults(markets=MarketFaults(silent_uploads=(3,)))
    async with opened(launcher, Stock(group=GROUP, count=5), faults=faults) as at:
        await select_for(at, "업로드")
        dialog = at.site.collected.upload_dialog
        with pytest.raises(WorkError, match="마켓 선택이 다릅니다"):
            await dialog.choose_markets({"est", "lotteon"})
        await dialog.choose_markets({"est"})
        await at.page.evaluate(HINTS)
        await dialog.start(STALL_S)
        report = await dialog.follow(STALL_S, lambda _: None)
        assert (report.succeeded, report.is_finished) == (2, False)
        with pytest.raises(WorkError, match="아직 끝나지 않아"):
            await dialog.leave()


async def test_an_upload_that_does_not_start_in_its_time_is_an_error(launcher: Launcher) -> None:
    async with opened(launcher, Stock(group=GROUP)) as at:
        await select_for(at, "업로드")
        dialog = at.site.collected.upload_dialog
        await dialog.choose_markets({"est"})
        await at.page.evaluate(DEAF)
        with pytest.raises(WorkError, match=r"0\.5초 안에 시작되지 않았습니다") as caught:
            await dialog.start(0.5)
        assert (caught.value.kind, caught.value.effect_unknown) == (FailureKind.TIMEOUT, False)
        assert at.changes("markets") == []


async def test_products_go_to_the_group_that_the_dialog_shows_at_its_end(
    launcher: Launcher,
) -> None:
    async with opened(launcher, Stock(group=GROUP, count=2)) as at:
        collected = at.site.collected
        await collected.open()
        page = await collected.show(ListFilter(group=GROUP))
        await collected.selection.all_of(page)
        await at.page.evaluate(REDRAWN)
        assert await collected.selection.move_to("대기3") == "대기3"
        assert at.moves() == [(key, "대기3") for key in page.keys]


async def test_a_deletion_needs_its_flag_and_shows_its_option(launcher: Launcher) -> None:
    stock = Stock(group=GROUP, count=3), Stock(group=GROUP, count=2, markets=("est", "kakao"))
    async with opened(launcher, *stock) as at:
        await at.site.managed.open()
        page = await at.site.managed.show(ListFilter(group=GROUP))
        await at.site.managed.selection.only(page.keys[-2:])
        await at.site.managed.selection.use("삭제")
        dialog = at.site.managed.delete_dialog

        async def delete(scope: DeleteScope, *, may_delete: bool) -> BulkProgress:
            return await dialog.delete(
                scope, {"est"}, may_delete=may_delete, stall_s=STALL_S, on_progress=lambda _: None
            )

        with pytest.raises(WorkError) as caught:
            await delete(DeleteScope.EVERYWHERE, may_delete=False)
        assert caught.value.kind is FailureKind.DATA
        done = await delete(DeleteScope.UPLOAD_INFO, may_delete=True)
        await dialog.leave()

        assert (done.handled, done.total) == (2, 2)
        assert [(c.product, c.before, c.after) for c in at.changes("upload_info")] == [
            (key, ("est", "kakao"), ("kakao",)) for key in page.keys[-2:]
        ]
        assert at.changes("deleted") == []
