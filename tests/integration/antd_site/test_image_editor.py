"""The image editor on variants of the second imitation: what comes late, and how a save ends."""

from dataclasses import replace
from typing import Literal

import pytest

from percenty_batch.errors import ItemError
from percenty_batch.percenty import ImageEditor, ThumbnailsTab
from tests.antd_site import Options, SiteAccount
from tests.antd_site.trials.screens import Desk, desk

EMAIL = "seller@example.com"
SELLER = SiteAccount(email=EMAIL, password="right", product_count=1, lots=())
QUICK = Options(latency_s=(0.0, 0.02), popups=0, toasts="none", image_translation_s=0.1)
LIMIT_S = 20.0


async def edit(at: Desk, position: int) -> ImageEditor:
    """Open the image editor at one of the thumbnails of the only product."""
    await at.go("PRODUCT_REGISTER")
    tab = ThumbnailsTab(await at.drawer(at.site.products(EMAIL)[0].id))
    await tab.open()
    return await tab.edit(position)


async def pictures(options: Options, *positions: int) -> list[bytes]:
    """Look at these thumbnails, in the order given."""
    async with desk(SELLER, options) as at:
        editor = await edit(at, positions[0])
        shown = []
        for position in positions:
            await editor.go_to(position)
            shown.append(await editor.picture())
        return shown


@pytest.mark.parametrize("origin", ["same_origin", "other_origin"])
async def test_a_picture_is_taken_when_it_has_come(
    origin: Literal["same_origin", "other_origin"],
) -> None:
    late = replace(QUICK, image_editor_pace="late", pictures=origin)
    at_once = replace(QUICK, pictures=origin)

    one, two, three = await pictures(at_once, 1, 2, 3)

    assert len({one, two, three}) == 3
    assert await pictures(late, 1, 2, 3) == [one, two, three]
    assert await pictures(replace(late, image_editor_start="first"), 2, 3) == [two, three]


async def test_images_that_look_alike_or_are_blank_are_pictures_too_but_a_lost_one_is_none() -> (
    None
):
    async with desk(replace(SELLER, kinds=("alike",)), QUICK) as opened:
        at = replace(opened, screen=replace(opened.screen, timeout_s=4.0))
        editor = await edit(at, 1)
        shown = []
        for position in (1, 2, 3, 4):
            await editor.go_to(position)
            shown.append(await editor.picture())
        await editor.go_to(5)

        assert (shown[0], shown[2]) == (shown[1], shown[3])
        assert shown[0] != shown[2]
        with pytest.raises(ItemError, match="5번 이미지가 나타나지 않습니다"):
            await editor.picture()


@pytest.mark.parametrize("upload", ["drawn", "presigned"])
@pytest.mark.parametrize("end", ["closes", "stays"])
async def test_a_save_that_shows_nothing_of_its_work_is_waited_for(
    upload: Literal["drawn", "presigned"], end: Literal["closes", "stays"]
) -> None:
    options = replace(QUICK, image_upload=upload, image_editor_save=end)
    async with desk(SELLER, options) as at:
        before = at.site.products(EMAIL)[0].thumbnails
        editor = await edit(at, 2)
        await editor.translate(limit_s=LIMIT_S)

        await editor.save(limit_s=LIMIT_S)

        after = at.site.products(EMAIL)[0].thumbnails
        assert after == [before[0], f"{before[1]}~ko", *before[2:]]
        await editor.close()


async def test_a_save_of_which_nothing_is_heard_is_an_error() -> None:
    async with desk(SELLER, replace(QUICK, image_upload="drawn")) as at:
        editor = await edit(at, 2)

        with pytest.raises(ItemError, match="저장이 확인되지 않았습니다"):
            await editor.save(limit_s=1.2)
