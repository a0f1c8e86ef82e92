"""Step 6_1 on the sandbox: the report says of every row what the site's record says."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from percenty_batch import Account, BatchManager, JobResult
from percenty_batch.accounts import AccountInputs, MarketRow
from percenty_batch.errors import FailureKind
from percenty_batch.models import ItemOutcome, ItemResult, StopReason
from percenty_batch.sandbox import Change, Faults, MarketFaults, SandboxAccount, SandboxSite, Stock
from percenty_batch.settings import Settings, StepSettings
from tests.integration.step1.running import settings_for

URL = "https://store.kakao.com/shop"


def row(account: str, number: int, group: str, **keys: str) -> MarketRow:
    given: dict[str, str | None] = dict.fromkeys(
        (
            "store11_api",
            "global11_api",
            "auction_id",
            "gmarket_id",
            "talkstore_api",
            "talkstore_url",
            "smartstore_api",
        )
    )
    return MarketRow(row=number, account_id=account, group=group, **(given | keys))


def account(name: str, *stock: Stock, faults: Faults | None = None) -> SandboxAccount:
    return SandboxAccount(
        id=f"{name}@example.com",
        password="pw",
        shapes=(),
        grouped=0,
        popups=1,
        stock=stock,
        faults=faults or Faults(),
    )


class Night:
    """One batch of step 6_1 over accounts with their rows, and the record of the site."""

    def __init__(
        self, folder: Path, accounts: Mapping[SandboxAccount, Sequence[MarketRow]]
    ) -> None:
        with SandboxSite(accounts=[*accounts], latency_ms=5) as site:
            settings = settings_for(site.url, folder)
            manager = BatchManager(
                settings=settings.model_copy(update={"steps": StepSettings(upload_stall_s=5.0)}),
                accounts=[Account(id=each.id, password="pw") for each in accounts],
                inputs={
                    each.id: AccountInputs(place=each.id, markets=tuple(rows))
                    for each, rows in accounts.items()
                },
            )
            self.result = manager.run_single_step("6_1")
            self.record = site.record
            self.settings: Settings = settings

    def job(self, name: str) -> JobResult:
        return next(job for job in self.result.jobs if job.account.startswith(name))

    def item(self, name: str, group: str) -> ItemResult:
        return next(item for item in self.job(name).items if item.key == group)

    def changes(self, name: str, what: str) -> list[Change]:
        return [each for each in self.record if each.account.startswith(name) and each.what == what]

    def uploaded(self, name: str) -> dict[str | None, object]:
        """Each product that was uploaded, with its markets; no product is uploaded twice."""
        changes = self.changes(name, "markets")
        assert len({change.product for change in changes}) == len(changes)
        return {change.product: change.after for change in changes}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Three accounts at once: a healthy site, one that fails here and there, one that hangs."""
    shop = {"store11_api": "key-a1", "talkstore_api": "kakao-a1", "talkstore_url": URL}
    fails = MarketFaults(
        verification_errors=(4,),
        staying_dialogs=(1,),
        upload_errors=(2,),
        refused_keys=("bad",),
        unsellable_per_group=1,
        lost_uploads=(6,),
    )
    accounts = {
        account(
            "healthy",
            *(Stock(group="쇼핑몰A1", count=42), Stock(group="쇼핑몰C1", count=2)),
            faults=Faults(most_per_page=20),
        ): (
            row("healthy", 2, "쇼핑몰A1", **shop),
            row("healthy", 3, "쇼핑몰B1", global11_api="key-b1"),
            row("healthy", 4, "쇼핑몰C1", smartstore_api="naver"),
        ),
        account(
            "failing",
            *(Stock(group=f"쇼핑몰{shop}", count=4) for shop in ("A1", "A2", "A3")),
            faults=Faults(markets=fails),
        ): (
            row("failing", 2, "쇼핑몰A1", store11_api="good", global11_api="bad"),
            row("failing", 3, "쇼핑몰A2", global11_api="bad"),
            row("failing", 4, "쇼핑몰A3", store11_api="good"),
        ),
        account(
            "hanging",
            *(Stock(group=f"쇼핑몰{shop}", count=3) for shop in ("A1", "A2")),
            faults=Faults(markets=MarketFaults(silent_uploads=(2,)), session_expires_after=30),
        ): (
            row("hanging", 2, "쇼핑몰A1", store11_api="good"),
            row("hanging", 3, "쇼핑몰A2", store11_api="good"),
        ),
    }
    return Night(tmp_path_factory.mktemp("night"), accounts)


def test_rows_are_connected_and_uploaded_in_rounds_or_skipped_with_a_reason(night: Night) -> None:
    job = night.job("healthy")
    outcomes = {item.key: (item.outcome, item.amount) for item in job.items}
    assert outcomes == {
        "쇼핑몰A1": (ItemOutcome.DONE, 42),
        "쇼핑몰B1": (ItemOutcome.DONE, 0),
        "쇼핑몰C1": (ItemOutcome.SKIPPED, 0),
    }, [item.reason for item in job.items]
    assert "네이버" in (night.item("healthy", "쇼핑몰C1").reason or "")
    assert (job.stop_reason, job.products) == (StopReason.QUANTITY_REACHED, 42)
    assert list(night.uploaded("healthy").values()) == [("est", "kakao")] * 42
    assert [change.after for change in night.changes("healthy", "market:kakao")] == [
        None,
        ("kakao-a1", URL),
    ]
    assert [c.after for c in night.changes("healthy", "market:est:profile")] == ["롯데(현대)택배"]
    assert [c.after for c in night.changes("healthy", "market:cp")] == [None]


def test_failures_of_keys_products_and_the_site_are_told_with_their_reasons(night: Night) -> None:
    some, refused, lost = (night.item("failing", f"쇼핑몰A{n}") for n in (1, 2, 3))
    assert (some.outcome, some.amount) == (ItemOutcome.DONE, 2)
    assert "11번가-글로벌: API 검증에 실패했습니다." in (some.reason or "")
    assert "상품 2개 업로드 실패" in (some.reason or "")
    assert "[est] 카테고리 필수 속성이 누락되어 등록할 수 없습니다. (1개)" in (some.reason or "")

    assert (refused.outcome, refused.amount) == (ItemOutcome.FAILED, 0)
    assert refused.kind is FailureKind.DATA

    assert (lost.outcome, lost.amount) == (ItemOutcome.UNKNOWN, 2)
    assert "목록에 남아 있습니다" in (lost.reason or "")
    assert len(night.uploaded("failing")) == night.job("failing").products == 4


def test_an_upload_that_hangs_is_a_time_out_and_what_was_uploaded_is_counted(night: Night) -> None:
    first, second = (night.item("hanging", f"쇼핑몰A{n}") for n in (1, 2))
    assert (first.outcome, first.kind) == (ItemOutcome.UNKNOWN, FailureKind.TIMEOUT)
    assert "진행되지 않았습니다" in (first.reason or "")
    assert (second.outcome, second.amount) == (ItemOutcome.DONE, 3)
    assert night.job("hanging").attempts == 2  # the sign-in expired on the way
    assert len(night.uploaded("hanging")) == night.job("hanging").products


def test_no_key_stands_in_any_file_of_the_run(night: Night) -> None:
    texts = [
        path.read_text(encoding="utf-8", errors="replace")
        for path in night.settings.logs.folder.rglob("*")
        if path.is_file() and path.suffix != ".png"
    ]
    assert texts
    assert not [word for word in ("key-a1", "kakao-a1") for text in texts if word in text]
