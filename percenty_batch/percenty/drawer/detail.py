"""The tab 상세페이지: CKEditor 5 and the drawer 일괄 편집 (percenty-site §7)."""

import re

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.drawer.cards import ImageCards
from percenty_batch.percenty.drawer.editor import ImageEditor
from percenty_batch.percenty.drawer.frame import DETAIL, Drawer
from percenty_batch.percenty.waiting import first_of

# CKEditor opens with its first block selected, and HTML 삽입 replaces what is selected: an image
# or the HTML of an earlier insertion would be lost. A paragraph of our own takes its place.
_MAKE_ROOM = """editable => {
    const editor = editable.ckeditorInstance;
    if (!editor) return;
    const start = editor.model.createPositionAt(editor.model.document.getRoot(), 0);
    editor.execute('insertParagraph', { position: start });
}"""
_IMAGES = "([editable]) => (editable.ckeditorInstance?.getData() ?? '').split('<img').length"
# Only CKEditor itself tells its data; what another editor shows need not be what it holds. The
# data are written as a browser writes HTML (`&` as `&amp;`), whatever was inserted.
_HOLDS = """([editable, html]) => {
    if (!editable.ckeditorInstance) return 'silent';
    const data = editable.ckeditorInstance.getData();
    const written = new DOMParser().parseFromString(html, 'text/html').body.innerHTML;
    return data.includes(html) || data.includes(written);
}"""
# An editor writes HTML in its own way: what counts are the text and the addresses.
_HOLDS_PARTS = """([data, html]) => {
    const parse = text => new DOMParser().parseFromString(text, 'text/html').body;
    const parts = body => [body.textContent.replace(/\\s+/g, ''),
        ...[...body.querySelectorAll('[src], [href]')]
            .map(each => each.getAttribute('src') ?? each.getAttribute('href'))].filter(Boolean);
    const wanted = parts(parse(html)), held = parts(parse(data)).join(' ');
    return wanted.length ? wanted.every(each => held.includes(each)) : data.includes(html);
}"""
_SHOWN = """([editable]) => [
    editable.innerText, ...[...editable.querySelectorAll('textarea')].map(area => area.value),
].join(' ')"""
# Without CKEditor what is shown stands for what is held.
_CONTENT = """([editable]) => editable?.ckeditorInstance?.getData() ?? [
    editable?.innerText, ...[...(editable?.querySelectorAll('img, textarea') ?? [])]
        .map(each => each.src ?? each.value),
].join(' ').trim()"""
_COUNT = re.compile(r"총\s*([\d,]+)\s*개의\s*이미지")


class DetailTab:
    """Reads and edits the detail page."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer

    async def open(self) -> None:
        """Open the tab and wait for the detail page; an empty one may be a late one."""
        await self._drawer.open_tab(DETAIL)
        await self._editable().wait_for()
        before = None
        for silence_s in (0.1, 0.3, 1.0, 2.0):
            await self._drawer.screen.idle(silence_s)
            content = await self._editable().evaluate_all(_CONTENT)
            if content and content == before:
                return
            before = content

    async def contains(self, text: str) -> bool | None:
        """Whether the detail page holds the text; None where no CKEditor tells its data."""
        editable = await self._editable().element_handle()
        holds = await self._drawer.page.evaluate(_HOLDS, [editable, text])
        return None if holds == "silent" else bool(holds)

    async def shows(self, text: str) -> bool:
        """Whether the editor shows the text: the best that can be said where it tells no data.

        Inserted HTML stands in a field of its own (`raw-html-embed`), which is no text of the page.
        """
        shown = await self._editable().evaluate_all(_SHOWN)
        return " ".join(text.split()) in " ".join(shown.split())

    async def insert_html(self, html: str) -> None:
        """Insert raw HTML by the toolbar's HTML 삽입, and see the editor take it."""
        body, user = self._drawer.body, self._drawer.user
        images = await self._editable().evaluate_all(_IMAGES)
        await user.run(self._editable(), _MAKE_ROOM, what="편집기에 빈 문단 넣기")
        await user.click(body.get_by_role("button", name="HTML 삽입"))
        area = body.locator(
            'textarea[placeholder^="원시 HTML을 여기에"]:not([disabled]):not([readonly])'
        ).filter(visible=True)
        await user.fill(area.last, html)
        save = body.get_by_role("button", name="변경사항 저장").filter(visible=True)
        await user.click(save.last)
        await area.last.wait_for(state="hidden")
        editable = await self._editable().element_handle()
        await self._drawer.page.wait_for_function(_HOLDS, arg=[editable, html])
        if await self._editable().evaluate_all(_IMAGES) != images:
            raise ItemError(
                FailureKind.PAGE_CHANGED, "HTML 삽입이 상세페이지의 이미지를 바꿨습니다"
            )
        await self._drawer.saved()

    async def prepend_html(self, html: str) -> bool:
        """Put raw HTML before all else, by the mode 소스, and see that it is kept.

        False when the detail page holds its text and addresses already.
        """
        page = self._drawer.page
        before = await self._open_source()
        is_there = bool(await page.evaluate(_HOLDS_PARTS, [before, html]))
        if not is_there:
            await self._drawer.user.fill(self._source(), html + before)
        await self._close_source()
        if is_there:
            return False
        after = await self._open_source()
        await self._close_source()
        if not await page.evaluate(_HOLDS_PARTS, [after, html]):
            raise ItemError(FailureKind.SITE_ERROR, "상세페이지에 넣은 HTML이 남아 있지 않습니다")
        return True

    async def _open_source(self) -> str:
        """Switch to the mode 소스; returns the detail page's HTML."""
        await self._drawer.user.click(self._source_button())
        await self._source().wait_for()
        return await self._source().input_value()

    async def _close_source(self) -> None:
        await self._drawer.user.click(self._source_button())
        await self._source().wait_for(state="hidden")
        await self._editable().wait_for()
        await self._drawer.screen.idle(0.3)
        await self._drawer.saved()

    def _source_button(self) -> Locator:
        return self._drawer.body.locator(".ck-source-editing-button").filter(visible=True).first

    def _source(self) -> Locator:
        return self._drawer.body.locator(".ck-source-editing-area textarea").filter(visible=True)

    async def bulk_images(self) -> "BulkImages":
        """Open the drawer 일괄 편집."""
        button = self._drawer.body.get_by_role("button", name=re.compile("일괄 편집$"))
        await self._drawer.user.click(button)
        images = BulkImages(self._drawer)
        await images.wait_open()
        return images

    def _editable(self) -> Locator:
        return self._drawer.body.locator('[contenteditable="true"]').first


class BulkImages:
    """The second drawer 상세페이지 이미지 일괄 편집; its cards' 삭제 are spans, not buttons [H]."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer
        page = drawer.page
        self._body = (
            page.get_by_role("dialog")
            .filter(has_text="상세페이지 이미지 일괄 편집")
            .filter(has_not=page.get_by_role("tab"))
        )
        self._images = ImageCards(self._body, mark="썸네일로 복사")

    async def wait_open(self) -> None:
        await self._body.get_by_text(_COUNT).first.wait_for()

    async def count(self, *, zero_after_s: float = 1.0) -> int:
        """Read 총 N개의 이미지 once it agrees with the cards.

        Before the images arrive the drawer shows none, so zero is believed only after a silence
        of the site, in seconds: what depends on it is the product's deletion.
        """
        for silence_s in (0.0, 0.3, zero_after_s, 2 * zero_after_s):
            await self._drawer.screen.idle(silence_s)
            told, cards = await self._told(), await self._cards().count()
            if told == cards and (told or silence_s >= zero_after_s):
                return told
        raise ItemError(
            FailureKind.PAGE_CHANGED, f"이미지 개수({told})와 이미지({cards}개)가 맞지 않습니다"
        )

    async def sources(self) -> tuple[str, ...]:
        """Read the images' addresses, in order, once every image has one."""
        count = await self.count()
        for silence_s in (0.0, 0.3, 1.0, 2.0):
            await self._drawer.screen.idle(silence_s)
            sources = await self._images.sources()
            if len(sources) == count and all(sources):
                return sources
        raise ItemError(FailureKind.PAGE_CHANGED, "상세페이지 이미지를 읽을 수 없습니다")

    async def delete_last(self, count: int) -> None:
        """Delete the last of `count` images and see the number go down."""
        await self.delete(count, count)

    async def delete(self, position: int, count: int) -> None:
        """Delete one of `count` images (from 1) and see the number go down."""
        await self._drawer.user.click(self._cards().nth(position - 1))
        left = self._body.get_by_text(re.compile(rf"총\s*{count - 1:,}\s*개의\s*이미지"))
        try:
            await left.first.wait_for()
        except PlaywrightTimeoutError as error:
            await self._drawer.saved()
            raise ItemError(
                FailureKind.SITE_ERROR, f"{position}번 이미지 삭제가 확인되지 않았습니다"
            ) from error
        await self._drawer.saved()

    async def edit(self, position: int) -> ImageEditor:
        """Open the image editor at this image (from 1)."""
        await self._drawer.user.click(self._images.action(position, "편집하기"))
        return await ImageEditor.opened(self._drawer, at=position)

    async def close(self) -> None:
        """Leave the drawer 일괄 편집, which may be closed already, with what lay over it."""
        hidden = self._body.wait_for(state="hidden")
        button = self._body.get_by_role("button").filter(visible=True).last
        await first_of(hidden, self._drawer.user.press(button, "Escape"))
        await self._body.wait_for(state="hidden")
        await self._drawer.saved()

    async def _told(self) -> int:
        text = await self._body.get_by_text(_COUNT).first.inner_text()
        match = _COUNT.search(text)
        return int(match[1].replace(",", "")) if match else -1

    def _cards(self) -> Locator:
        return self._body.locator("span:text-is('삭제')")
