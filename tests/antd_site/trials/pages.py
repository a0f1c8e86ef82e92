"""Page objects alone, held beside the site's record."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from percenty_batch.percenty import (
    DetailTab,
    DisclosureForm,
    Drawer,
    OptionImages,
    OptionsTab,
    PriceTab,
    ThumbnailsTab,
)
from tests.antd_site.options import Options, SiteAccount
from tests.antd_site.trials.checks import differs, numbered
from tests.antd_site.trials.screens import Desk, desk
from tests.antd_site.trials.trial import EMAIL, PASSWORD, Trial
from tests.antd_site.world import Product

_LIMIT_S = 20.0
_DRAWER = ("autosave", "closed_dialogs", "toasts", "tab_panes", "button_icons")
_IMAGE_EDITOR = (
    *("image_editor", "image_editor_start", "image_editor_save", "image_editor_pace"),
    *("image_upload", "pictures"),
)
_OPTIONS = ("ai_options", "option_types")
Work = Callable[[Desk, Product], Awaitable[list[str]]]


def _drawer_trial(name: str, work: Work, settings: tuple[str, ...]) -> Trial:
    """Try something in the drawer of one ungrouped product."""

    async def run(options: Options) -> list[str]:
        seller = SiteAccount(email=EMAIL, password=PASSWORD, product_count=1, lots=())
        async with desk(seller, replace(options, popups=0)) as at:
            await at.go("PRODUCT_REGISTER")
            return await work(at, at.site.products(EMAIL)[0])

    def run_now(_number: int, options: Options, _folder: Path) -> list[str]:
        return asyncio.run(run(options))

    return Trial(name=name, settings=settings, run=run_now)


async def _thumbnails(at: Desk, before: Product) -> list[str]:
    drawer = await at.drawer(before.id)
    tab = ThumbnailsTab(drawer)
    await tab.open()
    await tab.delete(5)
    await tab.delete(1)
    lead = (await tab.sources())[2]
    is_moved = await tab.bring_to_front(lead)
    editor = await tab.edit(2)
    await editor.translate(limit_s=_LIMIT_S)
    await editor.save(limit_s=_LIMIT_S)
    await editor.close()
    await _shut(drawer)
    _, two, three, four, _ = before.thumbnails
    return [
        *differs("told to be moved", is_moved, True),
        *differs("thumbnails", at.product(before.id).thumbnails, [four, f"{two}~ko", three]),
        *differs("translated", at.recorded("image_translated"), [f"{two}~ko"]),
    ]


async def _detail(at: Desk, before: Product) -> list[str]:
    drawer = await at.drawer(before.id)
    detail = DetailTab(drawer)
    await detail.open()
    html = '<p>공지 <img src="https://example.com/a.png"></p>'
    is_added = await detail.prepend_html(html)
    is_doubled = await detail.prepend_html(html)
    bulk = await detail.bulk_images()
    count = await bulk.count()
    await bulk.delete(count, count)
    await bulk.delete(1, count - 1)
    editor = await bulk.edit(2)
    await editor.translate(limit_s=_LIMIT_S)
    await editor.go_to(4)
    await editor.translate(limit_s=_LIMIT_S)
    await editor.save(limit_s=_LIMIT_S)
    await editor.close()
    await bulk.close()
    await _shut(drawer)
    left = before.images[1:-1]
    left[1], left[3] = f"{left[1]}~ko", f"{left[3]}~ko"
    after = at.product(before.id)
    return [
        *differs("HTML added, and again", (is_added, is_doubled), (True, False)),
        *differs("HTML", after.detail_html.count("example.com/a.png"), 1),
        *differs("HTML is first", "공지" in after.detail_html[:40], True),
        *differs("images", after.images, left),
        *differs("translated", at.recorded("image_translated"), [left[1], left[3]]),
    ]


async def _options(at: Desk, before: Product) -> list[str]:
    drawer = await at.drawer(before.id)
    images, options, price = OptionImages(drawer), OptionsTab(drawer), PriceTab(drawer)
    shown = await images.open()
    has_options = await options.has_options()
    await images.copy_to_thumbnails(2)
    await options.refine(limit_s=_LIMIT_S)
    named = await options.names()
    await at.screen.user.click(drawer.body.get_by_role("button", name="1-99").first)
    await drawer.saved()
    await options.number(named)  # what is left of it after an interruption
    editor = await images.edit(1)
    await editor.translate(limit_s=_LIMIT_S)
    await editor.save(limit_s=_LIMIT_S)
    await editor.close()
    await price.open()
    await price.write_discount(35)
    await drawer.save()
    for _ in range(3):
        await drawer.copy_product()
    await _shut(drawer)
    after = at.product(before.id)
    first, second, *rest = before.option_images
    copies = [each.name for each in at.site.products(EMAIL)[:3]]
    return [
        *differs("option images shown", len(shown), len(before.options)),
        *differs("has options", has_options, True),
        *differs("options", after.options, numbered(before, at.site.options)),
        *differs("thumbnails", sorted(after.thumbnails), sorted([*before.thumbnails, second])),
        *differs("option images", after.option_images, [f"{first}~ko", second, *rest]),
        *differs("discount", after.prices[5], 35),
        *differs("copies", copies, [f"{before.name}({n})" for n in (3, 2, 1)]),
    ]


async def _forms(at: Desk, before: Product) -> list[str]:
    drawer = await at.drawer(before.id)
    price, disclosure = PriceTab(drawer), DisclosureForm(drawer)
    shown = await price.open()
    await price.write_discount(35)
    await disclosure.open()
    has_model = await disclosure.write("모델명", before.memo)
    await _shut(drawer)
    after = at.product(before.id)
    is_wanted = "모델명" in before.disclosure
    return [
        *differs("discount shown", shown, before.prices[5]),
        *differs("prices", after.prices, [*before.prices[:5], 35]),
        *differs("has a model name", has_model, is_wanted),
        *differs("model name", after.disclosure.get("모델명"), before.memo if is_wanted else None),
    ]


async def _shut(drawer: Drawer) -> None:
    await drawer.save()
    if not await drawer.close():
        raise AssertionError("the drawer did not close")


PAGES: Sequence[Trial] = (
    _drawer_trial("forms", _forms, (*_DRAWER, "form_values", "disclosure_labels", "model_name")),
    _drawer_trial("thumbnails", _thumbnails, (*_DRAWER, *_IMAGE_EDITOR, "thumbnail_drag")),
    _drawer_trial("detail", _detail, (*_DRAWER, *_IMAGE_EDITOR, "detail")),
    _drawer_trial(
        "options",
        _options,
        (*_DRAWER, *_IMAGE_EDITOR, *_OPTIONS, "copied_thumbnail", "copy_feedback"),
    ),
)
