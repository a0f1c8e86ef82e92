"""마켓 설정 of the sandbox: what is told of each market is what the site's own record says."""

import pytest

from percenty_batch.browser import Launcher
from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.percenty import VerificationOutcome
from percenty_batch.percenty.markets import (
    COUPANG,
    ELEVENTH,
    ELEVENTH_GLOBAL,
    ESM,
    MARKETS,
    TALKSTORE,
)
from percenty_batch.sandbox import Faults, MarketFaults
from tests.integration.percenty.lists import opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

CARRIER = "롯데(현대)택배"


async def test_markets_are_disconnected_and_connected_with_their_keys(launcher: Launcher) -> None:
    async with opened(launcher) as at:
        page = at.site.markets
        await page.open()
        states = {market.key: await page.show(market) for market in MARKETS}
        assert {key for key, state in states.items() if state.is_connected} == {
            "cp",
            "est",
            "kakao",
        }

        gone = [market.key for market in MARKETS if await page.disconnect(market)]
        assert gone == ["cp", "est", "kakao"]
        assert [await page.disconnect(market) for market in MARKETS] == [False] * len(MARKETS)

        given = (
            (ELEVENTH_GLOBAL, {"api": "key-of-global"}),
            (TALKSTORE, {"api": "key-of-kakao", "url": "https://store.kakao.com/x"}),
            (ESM, {"gmarket": "seller-g"}),
            (ELEVENTH, {"api": "key-of-11st"}),
        )
        for market, values in given:
            assert (await page.connect(market, values)).outcome is VerificationOutcome.VERIFIED
        assert await page.add_delivery_profile(CARRIER) is True
        assert await page.add_delivery_profile(CARRIER) is False

        record = [(change.what, change.after) for change in at.sandbox.record]
        assert record[1:] == [
            *((f"market:{key}", None) for key in ("cp", "est", "kakao")),
            ("market:est_global", ("key-of-global",)),
            ("market:kakao", ("key-of-kakao", "https://store.kakao.com/x")),
            ("market:esm", ("seller-g",)),
            ("market:est", ("key-of-11st",)),
            ("market:est:profile", CARRIER),
        ]
        await at.site.start_over()
        await page.open()
        connected = {market.key for market in MARKETS if (await page.show(market)).is_connected}
        assert connected == {"est_global", "kakao", "esm", "est"}
        assert not any("key-of" in line for line in at.site.last_actions())


async def test_a_refusal_a_silence_and_an_error_of_the_site_are_told_apart(
    launcher: Launcher,
) -> None:
    faults = MarketFaults(refused_keys=("bad",), silent_keys=("silent",), verification_errors=(2,))
    async with opened(launcher, faults=Faults(markets=faults), timeout_s=3.0) as at:
        page = at.site.markets
        await page.open()

        refused = await page.connect(ELEVENTH_GLOBAL, {"api": "bad"})
        assert refused.outcome is VerificationOutcome.REFUSED
        assert refused.words == "API 검증에 실패했습니다. API 키를 확인해 주세요."
        with pytest.raises(WorkError, match="POST /api/markets/esm/verify → 500") as caught:
            await page.connect(ESM, {"auction": "seller-a"})
        assert caught.value.kind is FailureKind.SITE_ERROR
        with pytest.raises(WorkError, match="아직 연결되어"):
            await page.connect(TALKSTORE, {"api": "new", "url": "https://x"})
        assert await page.disconnect(TALKSTORE)
        silent = await page.connect(TALKSTORE, {"api": "silent", "url": "https://x"})
        assert silent.outcome is VerificationOutcome.TIMED_OUT
        assert [change.after for change in at.changes("market:est_global")] == ["refused"]


async def test_a_disconnection_that_did_not_happen_or_whose_dialog_stays_is_no_success(
    launcher: Launcher,
) -> None:
    faults = MarketFaults(
        silent_disconnections=(1,), disconnection_errors=(2,), staying_dialogs=(3,)
    )
    async with opened(launcher, faults=Faults(markets=faults), timeout_s=5.0) as at:
        page = at.site.markets
        for words in ("확인되지 않았습니다", "disconnect → 500", "찾을 수 없습니다"):
            await at.site.start_over()
            await at.site.fenced(page.open(), name="open")
            with pytest.raises(WorkError, match=words):
                await at.site.fenced(page.disconnect(COUPANG), name="disconnect")

        await at.site.start_over()
        await page.open()
        assert await page.disconnect(COUPANG) is False  # the third had happened behind its dialog
        assert len(at.changes("market:cp")) == 1
