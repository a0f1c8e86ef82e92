"""The pages of runs: all of them, and one with a part of its accounts. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from percenty_batch.dashboard.charts import trend
from percenty_batch.dashboard.forms import href, written_rows
from percenty_batch.dashboard.reading import WINDOW
from percenty_batch.dashboard.standing import (
    STATUS_ORDER,
    RunOutline,
    Standing,
    duration_s,
    outline_of,
    pace_of,
)
from percenty_batch.dashboard.texts import STATES, count, left, moment, run_state
from percenty_batch.ledger import JobProgress
from percenty_batch.logs import one_line
from percenty_batch.models import JobStatus
from percenty_batch.reports import Bar, clock, failure_lines, percent, shares, spoken

PAGE_SIZE = 200
RUNS = 20
_LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run in the list."""

    href: Markup
    run_id: str
    kind: str
    state: str
    steps: str
    started_at: str
    duration: str
    accounts: str
    succeeded: str
    done: str
    requested: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsView:
    """The first page: runs, newest first. `older` leads to those before; None: there are none."""

    rows: tuple[RunRow, ...]
    trend: tuple[Bar, ...]
    trend_count: int
    older: Markup | None
    is_first: bool


def runs_view(outlines: Sequence[RunOutline], *, is_first: bool) -> RunsView:
    older = href("/", {"before": outlines[-1].run_id}) if len(outlines) == RUNS else None
    return RunsView(
        rows=tuple(map(_run_row, outlines)),
        trend=trend(outlines),
        trend_count=sum(each.verdict is not None for each in outlines),
        older=older,
        is_first=is_first,
    )


def _run_row(outline: RunOutline) -> RunRow:
    kind, state = run_state(
        outline.verdict, is_running=outline.is_running, is_cut_off=outline.is_cut_off
    )
    return RunRow(
        href=run_href(outline.run_id),
        run_id=outline.run_id,
        kind=kind,
        state=state,
        steps=", ".join(outline.steps),
        started_at=moment(outline.started_at),
        duration=spoken(outline.duration_s),
        accounts=count(outline.jobs),
        succeeded=count(outline.statuses.get(JobStatus.SUCCEEDED, 0)),
        done=count(outline.totals.done),
        requested=count(outline.totals.requested),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which accounts of a run are shown: of a status, with a text in the name; which page."""

    status: JobStatus | None = None
    name: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One status to filter by, with how many jobs have it now."""

    text: str
    count: int
    is_chosen: bool
    href: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """One account in one batch. `cells` are what changes while it runs, by name."""

    number: int
    href: Markup
    account: str
    step: str
    kind: str
    attempted: int
    requested: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One run. `figures` are its sums, by name; they change while it runs."""

    run_id: str
    stamp: str
    kind: str
    is_running: bool
    is_cut_off: bool
    stop: str | None
    place: str
    site: str
    started_at: str
    starts: int
    batches: tuple[str, ...]
    figures: dict[str, str]
    strips: tuple[tuple[str, tuple[Bar, ...]], ...]
    choices: tuple[Choice, ...]
    filter: Filter
    rows: tuple[JobRow, ...]
    found: int
    first: int
    previous: Markup | None
    next: Markup | None
    events: Markup | None
    stop_action: Markup
    resume_action: Markup


def run_view(standing: Standing, wanted: Filter) -> RunView:
    outline, progress = outline_of(standing), standing.progress
    numbers = [n for n, job in enumerate(progress.jobs) if _is_wanted(standing, job, wanted)]
    last_page = max((len(numbers) - 1) // PAGE_SIZE + 1, 1)
    page = min(max(wanted.page, 1), last_page)
    first = (page - 1) * PAGE_SIZE
    shown = numbers[first : first + PAGE_SIZE]
    run_id = standing.run_id
    return RunView(
        run_id=run_id,
        stamp=outline.stamp,
        kind=run_state(outline.verdict, is_running=outline.is_running, is_cut_off=False)[0],
        is_running=standing.is_running,
        is_cut_off=outline.is_cut_off,
        stop=f"{standing.stop.who}, {moment(standing.stop.at)}" if standing.stop else None,
        place=progress.plan.place,
        site=progress.plan.site,
        started_at=moment(outline.started_at),
        starts=len(progress.starts),
        batches=tuple(_batch_lines(standing)),
        figures=figures(standing),
        strips=_strips(outline),
        choices=_choices(run_id, outline, wanted),
        filter=Filter(status=wanted.status, name=wanted.name, page=page),
        rows=tuple(job_row(standing, number) for number in shown),
        found=len(numbers),
        first=first + 1 if shown else 0,
        previous=run_href(run_id, wanted, page - 1) if page > 1 else None,
        next=run_href(run_id, wanted, page + 1) if page < last_page else None,
        events=events_href(run_id, {"rows": written_rows(shown)}) if standing.is_running else None,
        stop_action=href(f"{_path(run_id)}/stop"),
        resume_action=href(f"{_path(run_id)}/resume"),
    )


def run_href(run_id: str, wanted: Filter | None = None, page: int = 1) -> Markup:
    """Lead to a run's page, with the same filter."""
    query: dict[str, object] = {}
    if wanted is not None:
        query = {"status": wanted.status, "name": wanted.name, "page": page if page > 1 else None}
    return href(_path(run_id), query)


def account_href(run_id: str, account: str) -> Markup:
    return href(f"{_path(run_id)}/account", {"id": account})


def events_href(run_id: str, query: Mapping[str, object]) -> Markup:
    return href(f"{_path(run_id)}/events", query)


def _path(run_id: str) -> str:
    return f"/runs/{quote(run_id, safe='')}"


def figures(standing: Standing) -> dict[str, str]:
    """Tell a run's sums, its speed and what is left, each as it is shown."""
    outline, pace = outline_of(standing), pace_of(standing, WINDOW)
    totals, statuses = outline.totals, outline.statuses
    attempted = totals.requested - totals.not_attempted - outline.in_flight
    ended = outline.jobs - statuses.get(JobStatus.RUNNING, 0) - statuses.get(JobStatus.PENDING, 0)
    told = {
        "state": run_state(
            outline.verdict, is_running=outline.is_running, is_cut_off=outline.is_cut_off
        )[1],
        "accounts": count(outline.jobs),
        "accounts_ended": count(ended),
        "requested": count(totals.requested),
        "attempted": count(attempted),
        "share": percent(attempted, totals.requested),
        "done": count(totals.done),
        "failed": count(totals.failed),
        "skipped": count(totals.skipped),
        "unknown": count(totals.unknown - outline.in_flight),
        "in_flight": count(outline.in_flight),
        "left": count(totals.not_attempted),
        "duration": spoken(duration_s(standing)),
        "speed": f"{pace.per_minute:,.1f}개/분" if standing.is_running else "",
        "eta": left(pace.left_s) if standing.is_running else "",
        "read_at": clock(standing.read_at),
    }
    return told | {f"is_{status.value}": count(statuses.get(status, 0)) for status in STATUS_ORDER}


def job_row(standing: Standing, number: int) -> JobRow:
    """Show one job; `number` is its place in the run, from 0."""
    job = standing.progress.jobs[number]
    status, totals = standing.status(job), job.outline.totals
    in_flight = standing.in_flight(job)
    attempted = totals.requested - totals.not_attempted - in_flight
    return JobRow(
        number=number,
        href=account_href(standing.run_id, job.outline.account),
        account=job.outline.account,
        step=job.outline.step,
        kind=status.value,
        attempted=attempted,
        requested=totals.requested,
        cells={
            "state": STATES[status],
            "done": count(totals.done),
            "failed": count(totals.failed + totals.unknown - in_flight),
            "progress": f"{attempted:,} / {totals.requested:,}",
            "attempts": str(job.outline.attempts or ""),
            "begun": clock(job.begun_at) if job.begun_at else "",
            "last": clock(job.last_at) if job.last_at else "",
            "note": _note(job, status),
        },
    )


def _note(job: JobProgress, status: JobStatus) -> str:
    if status in (JobStatus.RUNNING, JobStatus.PENDING):
        return ""
    text = one_line(": ".join(failure_lines(job.outline.failure)))
    return text if len(text) <= _LONGEST_NOTE else f"{text[:_LONGEST_NOTE]}…"


def _is_wanted(standing: Standing, job: JobProgress, wanted: Filter) -> bool:
    if wanted.name and wanted.name.casefold() not in job.outline.account.casefold():
        return False
    return wanted.status is None or standing.status(job) is wanted.status


def _choices(run_id: str, outline: RunOutline, wanted: Filter) -> tuple[Choice, ...]:
    every = Choice(
        text="모두",
        count=outline.jobs,
        is_chosen=wanted.status is None,
        href=run_href(run_id, Filter(name=wanted.name)),
    )
    return (
        every,
        *(
            Choice(
                text=STATES[status],
                count=outline.statuses.get(status, 0),
                is_chosen=wanted.status is status,
                href=run_href(run_id, Filter(status=status, name=wanted.name)),
            )
            for status in STATUS_ORDER
        ),
    )


def _strips(outline: RunOutline) -> tuple[tuple[str, tuple[Bar, ...]], ...]:
    statuses = outline.statuses
    accounts = [
        (status.value, statuses.get(status, 0), STATES[status])
        for status in (
            JobStatus.SUCCEEDED,
            JobStatus.PARTIAL,
            JobStatus.FAILED,
            JobStatus.CANCELLED,
            JobStatus.RUNNING,
            JobStatus.PENDING,
        )
    ]
    return (("계정", shares(accounts)), ("항목", shares(_item_parts(outline))))


def _item_parts(outline: RunOutline) -> list[tuple[str, int, str]]:
    totals = outline.totals
    return [
        ("done", totals.done, "완료"),
        ("failed", totals.failed, "실패"),
        ("skipped", totals.skipped, "건너뜀"),
        ("unknown", totals.unknown - outline.in_flight, "확인 불가"),
        ("running", outline.in_flight, "하는 중"),
        ("left", totals.not_attempted, "시도하지 않음"),
    ]


def _batch_lines(standing: Standing) -> Iterator[str]:
    jobs = Counter(job.job_id for job in standing.progress.jobs)
    for batch in standing.progress.batches:
        halted = f", {batch.end.halted}" if batch.end and batch.end.halted else ""
        yield f"{batch.step}단계, 계정 {jobs[batch.job_id]:,}개 ({batch.job_id}){halted}"


def changed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Leave only what is not as it was."""
    return {name: value for name, value in new.items() if old.get(name) != value}


def live_rows(standing: Standing, numbers: Iterable[int]) -> dict[str, dict[str, Any]]:
    """Tell what changes in these rows, by number."""
    known = len(standing.progress.jobs)
    rows = (job_row(standing, number) for number in numbers if number < known)
    return {
        str(row.number): {"kind": row.kind, "value": row.attempted, "cells": row.cells}
        for row in rows
    }
