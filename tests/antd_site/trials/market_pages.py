"""마켓 설정 and the upload dialog: page objects alone, held beside the site's record."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from percenty_batch.percenty.market_settings import MarketSettings
from percenty_batch.percenty.markets import (
    ELEVENTH,
    ELEVENTH_GLOBAL,
    ESM,
    MARKETS,
    SMARTSTORE,
    TALKSTORE,
)
from percenty_batch.percenty.upload_dialog import UploadDialog
from tests.antd_site.options import Faults, Lot, Options, SiteAccount
from tests.antd_site.trials.checks import differs
from tests.antd_site.trials.screens import Desk, desk
from tests.antd_site.trials.trial import EMAIL, PASSWORD, Trial

_COUNT = 13
_STALL_S = 20.0
_CONNECTED = ("cp", "ss", "esm", "est", "kakao")
_GROUP = "쇼핑몰A1"


def _trial(
    name: str, work: Callable[[Desk], Awaitable[list[str]]], settings: tuple[str, ...]
) -> Trial:
    async def run(options: Options) -> list[str]:
        seller = SiteAccount(
            email=EMAIL,
            password=PASSWORD,
            product_count=0,
            lots=(Lot(group=_GROUP, count=_COUNT),),
            connected=_CONNECTED,
            faults=Faults(
                failing_uploads=frozenset(range(2, 9)), rejected_keys=frozenset({"WRONG"})
            ),
        )
        async with desk(seller, replace(options, popups=0)) as at:
            return await work(at)

    def run_now(_number: int, options: Options, _folder: Path) -> list[str]:
        return asyncio.run(run(options))

    return Trial(name=name, settings=settings, run=run_now)


async def _markets(at: Desk) -> list[str]:
    page = MarketSettings(at.screen)
    await page.open()
    gone = [market.key for market in MARKETS if await page.disconnect(market)]
    again = await page.disconnect(SMARTSTORE)
    wrong = await page.connect(ELEVENTH_GLOBAL, {"api": "WRONG"})
    right = [
        (await page.connect(ELEVENTH_GLOBAL, {"api": "GLOBAL"})).is_verified,
        (await page.connect(ESM, {"auction": "seller-a", "gmarket": "seller-g"})).is_verified,
        (await page.connect(TALKSTORE, {"api": "TALK", "url": "https://talk"})).is_verified,
        (await page.connect(ELEVENTH, {"api": "ELEVEN"})).is_verified,
    ]
    made = await page.add_delivery_profile("롯데(현대)택배")
    doubled = await page.add_delivery_profile("롯데(현대)택배")
    keys = {c.product: c.after for c in at.site.record if c.what == "verified"}
    lost = [c.product for c in at.site.record if c.what == "disconnected"]
    return [
        *differs("disconnected", sorted(gone), sorted(_CONNECTED)),
        *differs("disconnected in fact", sorted(lost), sorted(f"market:{k}" for k in _CONNECTED)),
        *differs("disconnected again", again, False),
        *differs("a wrong key verified", wrong.is_verified, False),
        *differs("verified", right, [True] * 4),
        *differs("keys", sorted(map(str, keys.values())), sorted(map(str, _KEYS.values()))),
        *differs("profiles", at.recorded("profile"), ["롯데(현대)택배"]),
        *differs("profile made, and made again", (made, doubled), (True, False)),
    ]


_KEYS = {
    "market:est_global": {"API KEY": "GLOBAL"},
    "market:esm": {"옥션 판매자 ID": "seller-a", "G마켓 판매자 ID": "seller-g"},
    "market:kakao": {"인증키": "TALK", "스토어 URL": "https://talk"},
    "market:est": {"API KEY": "ELEVEN"},
}


async def _upload(at: Desk) -> list[str]:
    page = at.screen.page
    await at.go("PRODUCT_REGISTER")
    await page.locator("tr.ant-table-row").first.wait_for()
    await page.get_by_role("checkbox", name="Select all").check()
    await page.locator("button").filter(has_text="업로드").first.click()
    dialog = UploadDialog(at.screen)
    await dialog.choose_markets({"est", "ss", "kakao"})
    await dialog.start(_STALL_S)
    report = await dialog.follow(_STALL_S, lambda _progress: None)
    await dialog.leave()
    failed = {c.product: c.after for c in at.site.record if c.what == "upload_failed"}
    uploaded = [set(keys) for keys in at.recorded("uploaded") if isinstance(keys, dict)]
    return [
        *differs("finished", report.is_finished, True),
        *differs("succeeded", report.succeeded, len(uploaded)),
        *differs("failed", report.failed_count, len(failed)),
        *differs("failures", {each.key: each.reason for each in report.failed}, failed),
        *differs("uploaded", uploaded, [{"est", "ss", "kakao"}] * (_COUNT - 7)),
        *differs("aborted", at.recorded("upload_aborted"), []),
    ]


MARKET_PAGES = (
    _trial(
        "markets",
        _markets,
        (
            *("market_badges", "market_labels", "market_panes", "market_question", "market_idle"),
            *("market_input", "toasts", "button_icons", "closed_dialogs", "menu"),
        ),
    ),
    _trial(
        "upload",
        _upload,
        (
            *("upload_question", "upload_markets", "upload_table", "upload_table_rows"),
            *("toasts", "button_icons", "closed_dialogs", "list_refresh", "selection_after"),
        ),
    ),
)
