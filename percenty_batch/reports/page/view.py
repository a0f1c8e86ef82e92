"""From a run's results and the nights before to what its page shows. Pure and bounded.

However many accounts there are, every list is cut, and tells how many rows it leaves off.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from percenty_batch.models import (
    BatchResult,
    JobOutline,
    JobResult,
    JobStatus,
    LogGap,
    Totals,
    Verdict,
)
from percenty_batch.reports.causes import Cause, account_causes, item_causes
from percenty_batch.reports.history import Change, History, Key, since_last_night
from percenty_batch.reports.page.accounts import AccountCard, Links, card_of
from percenty_batch.reports.page.changes import ChangeGroup, change_groups, history_note
from percenty_batch.reports.page.charts import Bar, Timeline, shares, spoken, timeline_of
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.people import Need, need
from percenty_batch.reports.summary import run_counts, run_verdict
from percenty_batch.reports.texts import STATUSES, VERDICTS, clock
from percenty_batch.reports.views import gap_lines, local_time, percent

T = TypeVar("T")

MAX_CARDS = 200
MAX_NEEDS = 200
MAX_SUCCEEDED = 300
MAX_CAUSES = 20
MAX_IMAGES = 60

RULES = {
    Verdict.SUCCESS: "모든 계정이 성공했습니다",
    Verdict.PARTIAL: "모두 성공하지는 못했지만, 성공한 계정이나 처리한 항목이 있습니다",
    Verdict.FAILED: "성공한 계정도, 처리한 항목도 없습니다",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capped(Generic[T]):
    """The first rows of a list, and how many it has."""

    rows: tuple[T, ...]
    count: int

    @property
    def left_off(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One summand: its name, its count and its class in the style sheet."""

    name: str
    count: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A whole and its parts, which add up to it."""

    name: str
    whole: int
    parts: tuple[Part, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """An account that needs a person, with the way to its log."""

    need: Need
    card: AccountCard


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One batch of the run."""

    job_id: str
    step: str
    mark: str
    verdict: str
    kind: str
    times: str
    duration: str
    accounts: int
    succeeded: int
    totals: Totals
    products: int | None
    report: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """All that the template sees, as `page`."""

    stamp: str
    started_at: str
    finished_at: str
    duration: str
    mark: str
    verdict: str
    kind: str
    rule: str
    notes: tuple[str, ...]
    accounts: int
    accounts_succeeded: int
    success_rate: str
    sums: tuple[Sum, ...]
    needs: Capped[NeedRow]
    history_note: str
    changes: tuple[ChangeGroup, ...]
    account_causes: Capped[Cause]
    item_causes: Capped[Cause]
    timeline: Timeline | None
    batches: tuple[BatchRow, ...]
    shortfalls: Capped[AccountCard]
    succeeded: Capped[AccountCard]
    logs: LogPaths
    gaps: tuple[str, ...]
    notices: tuple[str, ...]


def page_view(
    results: Sequence[BatchResult],
    *,
    stamp: str,
    logs: LogPaths,
    written: Collection[str] = (),
    gaps: Sequence[LogGap] = (),
    history: History | None = None,
    notices: Sequence[str] = (),
) -> PageView:
    """Turn a run into its page. `written` names the files beside it; `history` are the nights
    before (None: nobody looked), `notices` say what went wrong with the run's messages.
    """
    verdict, counts = run_verdict(results), run_counts(results)
    changes = changes_by_key(results, history)
    links = Links(logs=logs, images_left=MAX_IMAGES)
    needs = _needs(results, changes, links)
    return PageView(
        stamp=stamp,
        **_times(results),
        mark=VERDICTS[verdict][0],
        verdict=VERDICTS[verdict][1],
        kind=verdict.value,
        rule=RULES[verdict],
        notes=tuple(_notes(results)),
        accounts=counts.total,
        accounts_succeeded=counts.succeeded,
        success_rate=percent(counts.succeeded, counts.total),
        sums=(_job_sum(results), _item_sum(results)),
        needs=needs,
        history_note=history_note(history),
        changes=change_groups(tuple(changes.values())),
        account_causes=capped(account_causes(results), MAX_CAUSES),
        item_causes=capped(item_causes(results), MAX_CAUSES),
        timeline=timeline_of(results),
        batches=tuple(_batch(result, written) for result in results),
        shortfalls=_cards(results, links, MAX_CARDS, is_good=False),
        succeeded=_cards(results, links, MAX_SUCCEEDED, is_good=True),
        logs=logs,
        gaps=gap_lines(gaps),
        notices=tuple(notices),
    )


def capped(rows: Sequence[T], most: int) -> Capped[T]:
    return Capped(rows=tuple(rows[:most]), count=len(rows))


def _jobs(results: Iterable[BatchResult]) -> Iterator[JobResult]:
    return (job for result in results for job in result.jobs)


def changes_by_key(results: Sequence[BatchResult], history: History | None) -> dict[Key, Change]:
    """Compare the run with the nights before; empty when those are not known."""
    if history is None or history.problem:
        return {}
    changes = since_last_night(map(JobOutline.of, _jobs(results)), history)
    return {(change.account, change.step): change for change in changes}


def _times(results: Sequence[BatchResult]) -> dict[str, str]:
    if not results:
        return {"started_at": "", "finished_at": "", "duration": ""}
    begin = min(result.started_at for result in results)
    end = max(result.finished_at for result in results)
    return {
        "started_at": local_time(begin)[:19],
        "finished_at": local_time(end)[:19],
        "duration": spoken(_together_s(results, (end - begin).total_seconds())),
    }


def _together_s(results: Sequence[BatchResult], from_first_to_last_s: float) -> float:
    """Tell how long batches took: those that were worked side by side do not add up."""
    return min(sum(result.duration_s for result in results), from_first_to_last_s)


def _notes(results: Sequence[BatchResult]) -> Iterator[str]:
    if any(result.is_cut_off for result in results):
        yield "프로그램이 도중에 종료되어 원장으로 다시 만든 보고서입니다"
    yield from dict.fromkeys(result.halted for result in results if result.halted)
    if any(result.interrupted_by is not None for result in results):
        yield "중단 신호를 받아 멈췄습니다"
    if resumptions := max((result.resumptions for result in results), default=0):
        yield f"{resumptions}번 이어서 실행했습니다"


def _job_sum(results: Sequence[BatchResult]) -> Sum:
    statuses = [job.status for job in _jobs(results)]
    order = (JobStatus.SUCCEEDED, JobStatus.PARTIAL, JobStatus.FAILED, JobStatus.CANCELLED)
    parts = [(each.value, statuses.count(each), STATUSES[each][1]) for each in order]
    name = "계정" if len(results) == 1 else "계정별 작업"
    return _sum(name, len(statuses), parts)


def _item_sum(results: Sequence[BatchResult]) -> Sum:
    totals = Totals.sum(result.totals for result in results)
    parts = [
        ("done", totals.done, "완료"),
        ("failed", totals.failed, "실패"),
        ("skipped", totals.skipped, "건너뜀"),
        ("unknown", totals.unknown, "확인 불가"),
        ("left", totals.not_attempted, "시도하지 않음"),
    ]
    return _sum("요청 항목", totals.requested, parts)


def _sum(name: str, whole: int, parts: Sequence[tuple[str, int, str]]) -> Sum:
    told = tuple(Part(name=label, count=count, kind=kind) for kind, count, label in parts)
    return Sum(name=name, whole=whole, parts=told, bars=shares(parts))


def _needs(
    results: Sequence[BatchResult], changes: Mapping[Key, Change], links: Links
) -> Capped[NeedRow]:
    found = [
        (job, needed)
        for job in _jobs(results)
        if (needed := need(JobOutline.of(job), changes.get((job.account, job.step))))
    ]
    rows = tuple(
        NeedRow(need=needed, card=card_of(job, links.without_images()))
        for job, needed in found[:MAX_NEEDS]
    )
    return Capped(rows=rows, count=len(found))


def _cards(
    results: Sequence[BatchResult], links: Links, most: int, *, is_good: bool
) -> Capped[AccountCard]:
    """Failures come before what was merely not reached; else the order of the accounts."""
    found = [job for job in _jobs(results) if (job.status is JobStatus.SUCCEEDED) is is_good]
    found.sort(key=lambda job: job.status is JobStatus.CANCELLED)
    return Capped(rows=tuple(card_of(job, links) for job in islice(found, most)), count=len(found))


def _batch(result: BatchResult, written: Collection[str]) -> BatchRow:
    mark, verdict = VERDICTS[result.verdict]
    statuses = [job.status for job in result.jobs]
    name = f"batch_report_{result.job_id}.md"
    return BatchRow(
        job_id=result.job_id,
        step=result.step,
        mark=mark,
        verdict=verdict,
        kind=result.verdict.value,
        times=f"{clock(result.started_at)}–{clock(result.finished_at)}",
        duration=spoken(result.duration_s),
        accounts=len(statuses),
        succeeded=statuses.count(JobStatus.SUCCEEDED),
        totals=result.totals,
        products=None if result.counts_products else result.products,
        report=name if name in written else None,
    )
