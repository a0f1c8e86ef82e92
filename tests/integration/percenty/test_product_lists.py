"""신규 상품 등록 and 등록 상품 관리 by our page objects, and what the sandbox says happened."""

from functools import partial

import pytest

from percenty_batch.browser import Launcher
from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty import ListFilter, translation_end
from percenty_batch.percenty.translation_signs import State
from percenty_batch.sandbox import Faults, Stock, Translation
from percenty_batch.sandbox.accounts import TranslationSign
from tests.integration.percenty.lists import opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEW = "신규수집"
# A busy page asks only some time after the click.
ASKS_LATE = """() => {
    const fetch = window.fetch;
    const later = () => new Promise(resolve => setTimeout(resolve, 300));
    window.fetch = (...asked) => later().then(() => fetch(...asked));
}"""


async def test_a_keyword_of_a_group_is_found_selected_and_moved_page_by_page(
    launcher: Launcher,
) -> None:
    stock = (
        Stock(group=NEW, code="G03", count=2),
        Stock(group=NEW, code="H16", count=53),
        Stock(group="서버1", code="H16", count=3),
    )
    # A list that is late, and a selection that outlives its rows.
    faults = Faults(stale_list_s=600, has_lasting_selection=True)
    async with opened(launcher, *stock, faults=faults) as at:
        keys, managed = at.keys(NEW, "H16"), at.site.managed
        await managed.open()
        page = await managed.show(ListFilter(group=NEW.lower(), keyword="H16"))
        assert (page.total, list(page.keys)) == (53, keys[:50])
        assert {row.group for row in page.rows} == {NEW}

        second = await managed.next_page()
        assert second is not None
        assert list(second.keys) == keys[50:]
        assert await managed.next_page() is None

        await managed.show(ListFilter(group=NEW, keyword="H16"))
        await managed.selection.only(keys[:2])
        await managed.selection.all_of(page)
        assert await managed.selection.move_to("대기1") == "대기1"
        assert at.moves() == [(key, "대기1") for key in keys[:50]]

        left = await managed.refresh()
        assert (left.total, list(left.keys)) == (3, keys[50:])
        assert (await managed.show(ListFilter(group=NEW, keyword="없음"))).total == 0
        assert (await managed.show(ListFilter())).total == 58


@pytest.mark.parametrize("name", ["collected", "managed"])
async def test_a_list_is_read_from_its_first_page_whichever_stands_open(
    launcher: Launcher, name: str
) -> None:
    async with opened(launcher, Stock(group=NEW, count=45)) as at:
        keys, listed = at.keys(NEW), at.site.managed if name == "managed" else at.site.collected
        wanted = ListFilter(group=NEW, page_size=20)
        await listed.open()
        assert [*(await listed.show(wanted)).keys] == keys[:20]
        for ask in (listed.refresh, partial(listed.show, wanted)):
            second = await listed.next_page()
            assert second is not None
            assert [*second.keys] == keys[20:40]
            assert [*(await ask()).keys] == keys[:20]


@pytest.mark.parametrize("chosen", [1, 2])
async def test_selected_rows_that_leave_while_they_are_released_cost_nothing(
    launcher: Launcher, monkeypatch: pytest.MonkeyPatch, chosen: int
) -> None:
    stock = (Stock(group=NEW, count=2), Stock(group="서버1", count=3))
    async with opened(launcher, *stock) as at:
        managed = at.site.managed
        await managed.open()
        page = await managed.show(ListFilter(group=NEW))
        await managed.selection.only(page.keys[:chosen])
        look, looks = managed._rows.selected, 0

        async def look_and_lose() -> tuple[int, frozenset[str]]:
            nonlocal looks
            seen, looks = await look(), looks + 1
            if looks == 1:  # the site's list arrives right after our look
                await managed._filter.apply(ListFilter(group="서버1"))
                await managed._rows.row(page.keys[0]).wait_for(state="detached")
            return seen

        with monkeypatch.context() as patches:
            patches.setattr(managed._rows, "selected", look_and_lose)
            assert await managed.selection.release()
        assert looks >= 2


async def test_lists_are_filtered_by_status_market_and_group_and_show_memos(
    launcher: Launcher,
) -> None:
    stock = (
        Stock(group="쇼핑몰A1", count=2, markets=("cp",)),
        Stock(group="쇼핑몰A1", count=3, markets=("ss",)),
        Stock(group="쇼핑몰A1", count=4),
    )
    async with opened(launcher, *stock) as at:
        managed, collected = at.site.managed, at.site.collected
        await managed.open()
        coupang = ListFilter(group="쇼핑몰a1", status="미업로드", markets=("쿠팡",), page_size=20)
        assert (await managed.show(coupang)).total == 7

        await collected.open()
        page = await collected.show(ListFilter(group="쇼핑몰A1"))
        assert page.total == 4  # what is uploaded has left this list
        shown = {p.key: p.memo if p.is_memo_shown else "" for p in at.products("쇼핑몰A1")}
        assert {row.key: row.memo for row in page.rows}.items() <= shown.items()
        assert (await collected.show(ListFilter(group="그룹 없음"))).total == 0
        with pytest.raises(WorkError, match="'없는 그룹' 그룹이 없습니다") as caught:
            await collected.show(ListFilter(group="없는 그룹"))
        assert caught.value.kind is FailureKind.DATA


async def test_a_list_that_fails_to_load_is_not_empty(launcher: Launcher) -> None:
    async with opened(
        launcher, Stock(group="서버1"), faults=Faults(list_errors=(1, 2, 3, 4, 5))
    ) as at:
        await at.site.collected.open()
        with pytest.raises(WorkError, match="사이트 오류") as caught:
            await at.site.collected.show(ListFilter(group="서버1"))
        assert caught.value.kind is FailureKind.SITE_ERROR


@pytest.mark.parametrize("sign", ["dialog", "rows", "toast", "button", "names"])
async def test_a_translation_has_ended_only_when_the_site_has_finished(
    launcher: Launcher, sign: TranslationSign
) -> None:
    rules = Translation(sign=sign, notices=1, lot_s=2.5, quota=5)
    async with opened(
        launcher, Stock(group="서버1", count=3, is_foreign=True), translation=rules
    ) as at:
        collected = at.site.collected
        await collected.open()
        page = await collected.show(ListFilter(group="서버1"))
        await collected.selection.all_of(page)

        assert (await collected.translation.open(3)).remaining == 5
        await collected.translation.start()
        if sign == "toast":  # it comes and goes while nobody looks
            toast = at.page.locator(".ant-message-notice").filter(has_text="번역")
            await toast.first.wait_for()
            await toast.first.wait_for(state="hidden")
        ended = await translation_end(collected, page.rows, 30.0)

        assert (set(ended.done), set(ended.failed)) == (set(page.keys), set())
        assert [state for _, state in at.translations()] == ["running"] * 3 + ["done"] * 3
        page = await collected.refresh()
        await collected.selection.all_of(page)
        assert (await collected.translation.open(3)).remaining == 2
        await at.site.start_over()  # what the page said is gone with it, which is no failure
        assert (await collected.translation.told()).state is State.UNTOLD


async def test_what_failed_is_named_and_what_never_ends_is_no_success(launcher: Launcher) -> None:
    rules = Translation(sign="rows", failing=(2,), hanging=(2,))
    async with opened(launcher, Stock(group="서버1", count=3), translation=rules) as at:
        collected = at.site.collected
        await collected.open()
        page = await collected.show(ListFilter(group="서버1"))
        await collected.selection.all_of(page)
        await collected.translation.open(3)
        await collected.translation.start()
        ended = await translation_end(collected, page.rows, 30.0)
        assert (set(ended.done), list(ended.failed)) == (
            {page.keys[0], page.keys[2]},
            [page.keys[1]],
        )

        page = await collected.refresh()
        await collected.selection.all_of(page)
        await collected.translation.open(3)
        await collected.translation.start()
        with pytest.raises(WorkError, match="확인되지 않았습니다") as caught:
            await translation_end(collected, page.rows, 4.0)
        assert (caught.value.kind, caught.value.effect_unknown) == (FailureKind.TIMEOUT, True)


async def test_a_quota_that_cannot_be_read_and_a_refused_start_are_errors(
    launcher: Launcher,
) -> None:
    stock = Stock(group="서버1", count=2)
    async with opened(launcher, stock, translation=Translation(is_quota_unreadable=True)) as at:
        collected = at.site.collected
        await collected.open()
        await collected.selection.all_of(await collected.show(ListFilter(group="서버1")))
        with pytest.raises(WorkError, match="남은 번역 횟수를 읽을 수 없습니다"):
            await collected.translation.open(2)
        await collected.translation.close()
        assert at.translations() == []

    async with opened(launcher, stock, translation=Translation(errors=(1,))) as at:
        collected = at.site.collected
        await collected.open()
        await collected.selection.all_of(await collected.show(ListFilter(group="서버1")))
        await collected.translation.open(2)
        await at.page.evaluate(ASKS_LATE)
        with pytest.raises(WorkError, match="번역을 시작하지 못했습니다") as caught:
            await collected.translation.start()
        assert caught.value.effect_unknown
        assert at.translations() == []
