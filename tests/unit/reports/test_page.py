"""The run's HTML page: it adds up, stays small, tells what it leaves off, is always the same."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.errors import FailureKind, InputError
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobOutline,
    JobResult,
    LogGap,
    Night,
    StopReason,
)
from percenty_batch.reports.history import History
from percenty_batch.reports.page import page_view
from percenty_batch.reports.render import check_templates, render_page
from tests.unit.reports.hostile import AT, STAMP, hostile_run
from tests.unit.reports.test_any_result import BATCHES, GAPS, LOGS, counts_of_all, patient


def page(
    results: Sequence[BatchResult],
    *,
    gaps: Sequence[LogGap] = (),
    history: History | None = None,
    templates: Path | None = None,
) -> str:
    view = page_view(results, stamp=STAMP, logs=LOGS, gaps=gaps, history=history)
    return "".join(render_page(view, templates))


def job(
    number: int, *, done: int = 3, failure: Failure | None = None, requested: int = 3
) -> JobResult:
    at = AT + timedelta(seconds=number)
    items = tuple(
        ItemResult(key=f"{number:x}-{n}", outcome=ItemOutcome.DONE, recorded_at=at)
        for n in range(done)
    )
    return JobResult(
        account=f"user{number}@example.com",
        step="1",
        requested=requested,
        items=items,
        stop_reason=StopReason.ERROR if failure else StopReason.QUANTITY_REACHED,
        failure=failure,
        attempts=1,
        started_at=at,
        finished_at=at + timedelta(seconds=30),
        duration_s=30.0,
        evidence=(f"evidence/{STAMP}/user{number}@example.com/a.png",) if failure else (),
    )


def batch(*jobs: JobResult) -> BatchResult:
    return BatchResult(
        job_id=f"single_step_1_{STAMP}",
        step="1",
        stamp=STAMP,
        jobs=jobs,
        started_at=AT,
        finished_at=AT + timedelta(hours=1),
        duration_s=3600.0,
    )


REFUSED = Failure(kind=FailureKind.WRONG_PASSWORD, message="비밀번호가 올바르지 않습니다")
SLOW = Failure(kind=FailureKind.TIMEOUT, message="응답이 없습니다")


def section(text: str, name: str) -> str:
    return text.split(f'<section id="{name}">')[1].split("</section>")[0]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@patient
@given(st.lists(BATCHES, max_size=2), GAPS)
def test_the_totals_of_any_run_add_up(results: list[BatchResult], gaps: list[LogGap]) -> None:
    view = page_view(results, stamp=STAMP, logs=LOGS, gaps=gaps, history=History())
    jobs, items = view.sums
    counts = counts_of_all(results)

    assert [sum(part.count for part in each.parts) for each in view.sums] == [
        jobs.whole,
        items.whole,
    ]
    assert jobs.whole == sum(len(result.jobs) for result in results)
    assert [items.whole, *(part.count for part in items.parts)] == [
        counts[name]
        for name in ("requested", "done", "failed", "skipped", "unknown", "not_attempted")
    ]
    assert view.shortfalls.count + view.succeeded.count == jobs.whole
    assert "".join(render_page(view, None)).rstrip().endswith("</html>")


@patient
@given(st.lists(BATCHES, max_size=2))
def test_the_same_run_gives_the_same_page(results: list[BatchResult]) -> None:
    assert page(results) == page(results)


def test_the_verdict_stands_there_with_its_rule() -> None:
    told = words(page([batch(job(1), job(2, done=0, failure=SLOW))]))
    assert "부분 성공 계정 2개 중 1개 성공 (50.0%)" in told
    assert "판정 기준: 모두 성공하지는 못했지만" in told


def test_batches_that_were_worked_side_by_side_do_not_add_up_their_times() -> None:
    one, later = batch(job(1)), batch(job(2))
    night = replace(later, started_at=AT + timedelta(days=1), finished_at=AT + timedelta(days=2))

    assert "소요 1시간 " in words(page([one, later]))
    assert "소요 2시간 " in words(page([one, night]))


def test_who_needs_a_person_stands_apart_from_who_will_heal() -> None:
    text = page([batch(job(1, done=0, failure=REFUSED), job(2, done=0, failure=SLOW))])
    people = words(section(text, "people"))

    assert "user1@example.com" in people
    assert "비밀번호를 확인하고 계정 파일을 고치세요" in people
    assert "user2@example.com" not in people
    assert "user2@example.com" in section(text, "shortfalls")


def test_what_fails_for_three_nights_needs_a_person_too() -> None:
    failing = job(2, done=0, failure=SLOW)
    history = History()
    for _ in range(2):
        history.add(Night(run_id="x", stamp="x", jobs=(JobOutline.of(failing),)))

    assert "user2@example.com" in section(page([batch(failing)], history=history), "people")


def test_since_last_night_names_each_group_with_its_rule() -> None:
    history = History()
    before = (job(1), job(2, done=0, failure=SLOW), job(3))
    history.add(Night(run_id="x", stamp="어젯밤", jobs=tuple(map(JobOutline.of, before))))
    under = replace(job(3, done=1), stop_reason=StopReason.SOURCE_EMPTY)
    tonight = (job(1, done=0, failure=SLOW), job(2), under)

    told = words(section(page([batch(*tonight)], history=history), "since"))

    assert "가장 최근: 어젯밤" in told
    assert "새로 실패 1 지난번에는 성공했고 이번에 실패 user1@example.com" in told
    assert "회복 1 지난번에는 실패했고 이번에 성공 user2@example.com" in told
    assert "user3@example.com 1단계 · 3개 중 1개, 오류 없음, 지난번 3개" in told


def test_a_history_that_could_not_be_read_is_told() -> None:
    history = History(problem="원장을 사용할 수 없습니다")
    told = words(section(page([batch(job(1))], history=history), "since"))
    assert "지난 밤의 기록을 읽지 못했습니다: 원장을 사용할 수 없습니다" in told


def test_a_failed_account_leads_to_its_log_at_the_line_and_to_its_screenshot() -> None:
    logs = replace(LOGS, error_line_of=lambda _account: 17)
    view = page_view([batch(job(1, done=0, failure=SLOW))], stamp=STAMP, logs=logs)
    told = section("".join(render_page(view, None)), "shortfalls")

    assert (
        '<a href="../../accounts/s/user1%40example.com.log">user1@example.com.log</a> 17행' in told
    )
    assert f'<img src="../../evidence/{STAMP}/user1%40example.com/a.png"' in told


def test_a_log_that_is_gone_is_named_but_not_linked() -> None:
    logs = replace(LOGS, has_log=lambda _account: False, error_line_of=lambda _account: 17)
    view = page_view([batch(job(1, done=0, failure=SLOW))], stamp=STAMP, logs=logs)
    told = section("".join(render_page(view, None)), "shortfalls")

    assert "user1@example.com.log (없음)" in told
    assert "user1%40example.com.log" not in told
    assert "17행" not in told


def test_items_that_are_no_products_tell_how_many_products_they_stand_for() -> None:
    keyword = replace(job(1).items[0], amount=1234)
    text = page(
        [batch(replace(job(1), items=(keyword,)), replace(job(2, failure=SLOW), items=(keyword,)))]
    )

    assert "상품 2,468개" in words(section(text, "batches"))
    assert "3개 중 완료 1 (상품 1,234개)" in words(section(text, "shortfalls"))
    assert "상품" not in words(section(page([batch(job(1))]), "batches"))


def test_messages_that_did_not_arrive_are_told() -> None:
    view = page_view([batch(job(1))], stamp=STAMP, logs=LOGS, notices=("알림 <1>",))
    assert "<li>알림 &lt;1&gt;</li>" in "".join(render_page(view, None))


def test_a_page_of_the_site_that_was_saved_is_not_linked() -> None:
    saved = (f"evidence/{STAMP}/a.html", f"evidence/{STAMP}/a_trace.zip")
    failing = replace(job(1, done=0, failure=SLOW), evidence=saved)
    text = page([batch(failing)])

    assert "a.html" not in text
    assert "증거 2개 더" in text


def test_however_many_accounts_there_are_the_page_is_small_and_says_what_it_leaves_off() -> None:
    jobs = [job(n, done=0, failure=SLOW) if n % 2 else job(n) for n in range(5000)]
    text = page([batch(*jobs)])

    assert len(text) < 600_000
    assert "외 2,300개는 줄였습니다" in words(section(text, "shortfalls"))
    assert "외 2,200개는 줄였습니다" in words(section(text, "succeeded"))
    assert text.count("<img") == 60
    assert "외 4,960개" in words(section(text, "time"))


def test_the_policy_allows_nothing_but_our_style_and_pictures_beside_the_page() -> None:
    text = page([batch(job(1))])
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)

    assert policy.startswith("default-src 'none'; img-src 'self' file:; style-src 'sha256-")
    assert "unsafe" not in policy
    assert " style=" not in text
    assert "<script" not in text


def test_no_text_becomes_more_than_text_or_stays_hidden() -> None:
    text = page([hostile_run()])

    assert len(text) < 500_000
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", text
    )
    tags = set(re.findall(r"<([a-z0-9!]+)", text))
    assert tags.isdisjoint({"script", "iframe", "object", "embed", "form", "base"})
    assert all(
        href.startswith(("../../", "#", "batch_report_"))
        for href in re.findall(r'href="([^"]*)"', text)
    )


def test_a_run_without_an_account_that_was_opened_has_no_timeline() -> None:
    parked = JobResult.not_begun("a@example.com", "1", 3, reason=StopReason.DEADLINE)
    assert "열어 본 계정이 없습니다" in section(page([batch(parked)]), "time")
    assert "열어 본 계정이 없습니다" in page([])


def test_a_style_sheet_of_the_user_comes_first_and_the_policy_follows_it(tmp_path: Path) -> None:
    (tmp_path / "report.css").write_text("body { color: teal }", encoding="utf-8")
    check_templates(tmp_path)
    text = page([batch(job(1))], templates=tmp_path)

    assert "<style>body { color: teal }</style>" in text


def test_a_page_template_with_a_fault_is_refused_before_a_run(tmp_path: Path) -> None:
    (tmp_path / "summary_report.html.j2").write_text("\n{{ page.nothing }}", encoding="utf-8")
    with pytest.raises(InputError, match=r"summary_report\.html\.j2 2행"):
        check_templates(tmp_path)
