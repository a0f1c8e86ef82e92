from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    LogGap,
    Missing,
    StopReason,
    Verdict,
)
from percenty_batch.reports.gaps import gaps_of
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.summary import run_counts, run_verdict
from percenty_batch.reports.texts import gap_line
from percenty_batch.reports.views import (
    AccountView,
    EvidenceView,
    account_view,
    batch_view,
    percent,
    source_agrees,
)

AT = datetime(2024, 12, 1, 5, 30, 52, tzinfo=UTC)
LOGS = LogPaths(
    accounts="a/",
    errors="e/",
    reports="r/",
    log_of=lambda account: f"a/{account}.log",
    error_log_of=lambda account: f"e/{account}_errors.log",
)
DONE, FAILED, SKIPPED, UNKNOWN = ItemOutcome


def item(outcome: ItemOutcome, key: str = "k", moved_to: str | None = None) -> ItemResult:
    return ItemResult(key=key, outcome=outcome, moved_to=moved_to)


def job(
    *items: ItemResult,
    account: str = "user1@example.com",
    requested: int | None = None,
    stop_reason: StopReason = StopReason.QUANTITY_REACHED,
    failure: Failure | None = None,
    attempts: int = 1,
    source: tuple[int | None, int | None] = (None, None),
) -> JobResult:
    return JobResult(
        account=account,
        step="1",
        requested=len(items) if requested is None else requested,
        items=items,
        stop_reason=stop_reason,
        failure=failure,
        attempts=attempts,
        started_at=AT,
        finished_at=AT,
        duration_s=1.0,
        source_before=source[0],
        source_after=source[1],
    )


def gap(since: int, until: int | None, count: int = 0) -> LogGap:
    """Make a gap of so many minutes after AT."""
    return LogGap(
        missing=Missing.INFO,
        cause="디스크 공간 부족",
        since=AT + timedelta(minutes=since),
        until=None if until is None else AT + timedelta(minutes=until),
        count=count,
    )


def batch(*jobs: JobResult, interrupted_by: int | None = None) -> BatchResult:
    return BatchResult(
        job_id="single_step_1_20241201_143052",
        step="1",
        stamp="20241201_143052",
        jobs=jobs,
        started_at=AT,
        finished_at=AT,
        duration_s=13.6,
        interrupted_by=interrupted_by,
    )


def view(result: JobResult) -> AccountView:
    return account_view(result, LOGS)


def test_an_account_that_did_all_has_nothing_to_explain() -> None:
    shown = view(job(item(DONE)))

    assert (shown.mark, shown.status, shown.is_clean) == ("✅", "성공", True)
    assert (shown.errors, shown.skipped_items, shown.stop_reason) == ((), (), None)


def test_an_account_with_a_failed_item_is_partial_and_names_the_item() -> None:
    failed = ItemResult(key="650a", outcome=FAILED, reason="이미지가 없습니다")
    shown = view(job(item(DONE), failed))

    assert (shown.mark, shown.status) == ("⚠️", "부분 성공")
    assert shown.errors == ("650a: 실패 - 이미지가 없습니다",)


def test_products_are_told_only_where_the_items_are_none() -> None:
    keywords = job(
        ItemResult(key="H16@서버1", outcome=DONE, amount=37),
        ItemResult(key="G03@서버1", outcome=FAILED, amount=5),
    )
    assert account_view(keywords, LOGS).products == 42
    assert account_view(job(item(DONE), item(FAILED)), LOGS).products is None


def test_an_item_without_a_reason_is_told_by_its_kind() -> None:
    late = ItemResult(key="650a", outcome=UNKNOWN, kind=FailureKind.TIMEOUT)

    assert view(job(late)).errors == ("650a: 확인 불가 - 시간 초과",)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (FailureKind.WRONG_PASSWORD, ("로그인 실패", "비밀번호 오류: 이유")),
        (FailureKind.LOCKED, ("로그인 실패", "계정 잠김: 이유")),
        (FailureKind.CAPTCHA, ("로그인 실패", "자동 로그인 방지(CAPTCHA): 이유")),
        (FailureKind.BLOCKED, ("로그인 실패", "접속 차단: 이유")),
        (FailureKind.WRONG_ACCOUNT, ("계정 불일치: 이유",)),
        (FailureKind.TIMEOUT, ("시간 초과: 이유",)),
    ],
)
def test_only_a_refused_sign_in_begins_with_the_guides_line(
    kind: FailureKind, told: tuple[str, ...]
) -> None:
    failure = Failure(kind=kind, message="이유")
    shown = view(job(requested=3, stop_reason=StopReason.ERROR, failure=failure))

    assert (shown.mark, shown.errors) == ("❌", told)


@pytest.mark.parametrize("kind", FailureKind)
def test_every_kind_of_failure_has_words(kind: FailureKind) -> None:
    shown = view(job(stop_reason=StopReason.ERROR, failure=Failure(kind=kind, message="")))

    assert all(line.strip() for line in shown.errors)
    assert shown.errors


@pytest.mark.parametrize("reason", sorted(set(StopReason) - {StopReason.QUANTITY_REACHED}))
def test_every_end_before_the_quantity_has_words(reason: StopReason) -> None:
    assert view(job(stop_reason=reason)).stop_reason


def test_what_was_kept_of_a_failure_is_told_with_its_item() -> None:
    kept = ItemResult(
        key="650a", outcome=FAILED, evidence=("evidence/s/a/1.png", "evidence/s/a/1.html")
    )
    shown = view(replace(job(item(DONE), kept), evidence=("evidence/s/a/job.png",)))

    assert shown.evidence == (
        EvidenceView(label=None, files=("evidence/s/a/job.png",)),
        EvidenceView(label="650a", files=kept.evidence),
    )


@pytest.mark.parametrize(
    ("since", "until", "is_told"),
    [(-2, -1, False), (-2, 0, True), (-2, None, True), (0, 1, True), (1, None, False)],
)
def test_only_gaps_that_touch_the_batch_are_its_own(
    since: int, until: int | None, is_told: bool
) -> None:
    assert gaps_of(batch(), [gap(since, until)]) == ((gap(since, until),) if is_told else ())


def test_a_gap_is_told_with_its_local_times_its_cause_and_its_measure() -> None:
    since, until = (f"{(AT + timedelta(minutes=n)).astimezone():%H:%M:%S}" for n in (0, 90))

    assert gap_line(gap(0, None)) == f"{since}부터 정보 로그가 없습니다 (디스크 공간 부족)"
    assert gap_line(gap(0, 90, count=42)) == (
        f"{since}부터 {until}까지 정보 로그가 없습니다 (디스크 공간 부족, 42줄)"
    )


@pytest.mark.parametrize("missing", Missing)
def test_everything_that_may_be_missing_has_words(missing: Missing) -> None:
    assert "없습니다" in gap_line(replace(gap(0, None), missing=missing))


def test_an_unexpected_end_is_told_unless_the_failure_tells_it() -> None:
    failure = Failure(kind=FailureKind.SITE_ERROR, message="서버 오류")

    assert view(job(stop_reason=StopReason.SOURCE_EMPTY)).stop_reason == "처리할 상품 없음"
    assert view(job(stop_reason=StopReason.ERROR)).stop_reason == "오류로 중단"
    assert view(job(stop_reason=StopReason.ERROR, failure=failure)).stop_reason is None


def test_a_cancelled_account_is_told_apart_from_a_failed_one() -> None:
    shown = batch_view(
        batch(job(stop_reason=StopReason.CANCELLED, requested=1, attempts=0), interrupted_by=15),
        LOGS,
    )

    assert shown.accounts[0].status == "취소됨"
    assert (shown.counts.failed, shown.counts.cancelled) == (0, 1)
    assert shown.interrupted_by == "SIGTERM"


@pytest.mark.parametrize(
    ("attempts", "told"), [(0, "시작하기 전에 중단됨"), (1, "사용자에 의해 중단")]
)
def test_an_account_that_was_never_begun_is_not_said_to_be_stopped_by_somebody(
    attempts: int, told: str
) -> None:
    cancelled = job(stop_reason=StopReason.CANCELLED, requested=1, attempts=attempts)
    assert view(cancelled).stop_reason == told


def test_only_the_first_twenty_items_are_listed() -> None:
    lines = view(job(*(item(FAILED, key=str(n)) for n in range(23)))).errors

    assert lines[19:] == ("19: 실패", "… 외 3개 (JSON 참고)")


def test_twenty_items_are_listed_without_a_remainder() -> None:
    assert len(view(job(*[item(FAILED)] * 20)).errors) == 20


@pytest.mark.parametrize(
    ("items", "source", "agrees"),
    [
        ([item(DONE)] * 3, (10, 7), True),
        ([item(DONE)] * 3, (10, 8), False),
        ([item(DONE)] * 3, (10, 6), False),
        ([item(DONE), item(UNKNOWN)], (10, 9), True),
        ([item(DONE), item(UNKNOWN)], (10, 8), True),
        ([item(DONE), item(UNKNOWN)], (10, 7), False),
        ([item(DONE), item(FAILED, moved_to="삭제X")], (10, 8), True),
        ([item(SKIPPED)], (10, 10), True),
        ([item(DONE)], (None, 9), None),
        ([item(DONE)], (10, None), None),
    ],
)
def test_the_lists_own_counts_are_compared_with_what_left_it(
    items: list[ItemResult], source: tuple[int | None, int | None], agrees: bool | None
) -> None:
    assert source_agrees(job(*items, source=source)) is agrees


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ((None, None), None),
        ((10, 9), "10개 → 9개 (처리 결과와 일치)"),
        ((10, 10), "10개 → 10개 (처리 결과와 불일치)"),
        ((10, None), "10개 → 확인 불가 (비교할 수 없음)"),
    ],
)
def test_the_lists_own_counts_are_told(
    source: tuple[int | None, int | None], told: str | None
) -> None:
    assert view(job(item(DONE), source=source)).source_counts == told


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 0, "0.0%"), (1, 2, "50.0%"), (2, 3, "66.7%"), (9999, 10000, "99.9%"), (7, 7, "100.0%")],
)
def test_a_share_is_never_rounded_up_to_all(part: int, whole: int, told: str) -> None:
    assert percent(part, whole) == told


def test_times_are_local_with_microseconds_even_when_they_are_zero() -> None:
    shown = batch_view(batch(), LOGS)

    assert shown.started_at == f"{AT.astimezone():%Y-%m-%d %H:%M:%S}.000000"


def test_a_duration_has_two_decimals() -> None:
    assert batch_view(batch(), LOGS).duration == "13.60초"


def test_an_account_that_falls_short_in_one_batch_has_not_succeeded_in_the_run() -> None:
    good = batch(job(item(DONE)), job(item(DONE), account="user2@example.com"))
    bad = batch(job(item(FAILED)))

    counts = run_counts([good, bad])
    assert (counts.total, counts.succeeded, counts.not_succeeded) == (2, 1, 1)


def test_a_run_is_judged_by_all_its_batches() -> None:
    good, bad = batch(job(item(DONE))), batch(job(item(FAILED)))

    assert run_verdict([good, good]) is Verdict.SUCCESS
    assert run_verdict([good, bad]) is Verdict.PARTIAL
    assert run_verdict([bad]) is Verdict.FAILED
    assert run_verdict([]) is Verdict.FAILED
