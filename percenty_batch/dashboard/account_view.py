"""The page of one account in one run: what became of it, what it left, and its nights. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup

from percenty_batch.dashboard.forms import href
from percenty_batch.dashboard.log_lines import LogLine
from percenty_batch.dashboard.run_view import account_href, events_href, run_href
from percenty_batch.dashboard.texts import STATES
from percenty_batch.ledger import BatchPlan, JobRecord, job_result
from percenty_batch.manager import AccountNights, counts_line, end_line, moments
from percenty_batch.models import ItemOutcome, JobResult, JobStatus, Night
from percenty_batch.reports import failure_lines, item_line, spoken

_MOST_MOMENTS, _MOST_ERRORS, _MOST_PICTURES = 200, 50, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file of the log folder. `href` is None where it is gone, or on another host."""

    href: Markup | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """One batch of the account. `left_off` moments are the oldest ones."""

    job_id: str
    step: str
    kind: str
    state: str
    counts: str
    end: str | None
    duration: str
    moments: tuple[tuple[str, str], ...]
    left_off: int
    errors: tuple[str, ...]
    errors_left_off: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NightRow:
    """One earlier night of the account in one step."""

    href: Markup
    stamp: str
    step: str
    kind: str
    state: str
    done: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account in a run. `lines` are the last of its log, `events` brings those that come."""

    account: str
    run_id: str
    run_href: Markup
    jobs: tuple[JobView, ...]
    pictures: tuple[FileRow, ...]
    files: tuple[FileRow, ...]
    logs: tuple[FileRow, ...]
    lines: tuple[LogLine, ...]
    log_problem: str | None
    nights: tuple[NightRow, ...]
    events: Markup | None


def account_view(
    account: str,
    found: AccountNights,
    *,
    is_running: bool,
    logs: Sequence[str],
    stored: Collection[str],
    lines: Sequence[LogLine],
    log_problem: str | None,
) -> AccountView:
    """Show an account. `logs` are the paths of its logs, `stored` which files there are."""
    results = [(plan, job, job_result(job, plan.step)) for plan, job in found.jobs]
    kept = [path for _, _, result in results for path in _evidence(result)]
    pictures = [path for path in kept if path.endswith(".png") and path in stored]
    others = [path for path in kept if path not in pictures]
    jobs = tuple(_job(plan, job, result, is_running) for plan, job, result in results)
    return AccountView(
        account=account,
        run_id=found.run.run_id,
        run_href=run_href(found.run.run_id),
        jobs=jobs,
        pictures=tuple(_file(path, stored) for path in pictures[:_MOST_PICTURES]),
        files=tuple(_file(path, stored) for path in (*pictures[_MOST_PICTURES:], *others)),
        logs=tuple(_file(path, stored) for path in logs if path in stored),
        lines=tuple(lines),
        log_problem=log_problem,
        nights=tuple(row for night in found.nights for row in _night(night, account)),
        events=events_href(found.run.run_id, {"account": account}) if is_running else None,
    )


def file_href(path: str) -> Markup:
    """Lead to a file of the log folder."""
    return href(f"/files/{quote(path, errors='surrogatepass')}")


def _job(plan: BatchPlan, job: JobRecord, result: JobResult, is_running: bool) -> JobView:
    status = result.status
    if is_running and job.end is None:
        status = JobStatus.RUNNING if job.attempts else JobStatus.PENDING
    is_at_work = status is JobStatus.RUNNING
    told = moments(job, is_at_work=is_at_work)
    errors = tuple(_errors(result)) if status is result.status else ()
    return JobView(
        job_id=plan.job_id,
        step=plan.step,
        kind=status.value,
        state=STATES[status],
        counts=counts_line(result, is_at_work=is_at_work),
        end=end_line(result) if status is result.status else None,
        duration=spoken(result.duration_s),
        moments=tuple((_at(at), text) for at, text in told[-_MOST_MOMENTS:]),
        left_off=max(len(told) - _MOST_MOMENTS, 0),
        errors=errors[:_MOST_ERRORS],
        errors_left_off=max(len(errors) - _MOST_ERRORS, 0),
    )


def _errors(result: JobResult) -> Iterator[str]:
    yield from failure_lines(result.failure)
    bad = (ItemOutcome.FAILED, ItemOutcome.UNKNOWN)
    yield from (item_line(item) for item in result.items if item.outcome in bad)


def _evidence(result: JobResult) -> list[str]:
    return [*result.evidence, *(path for item in result.items for path in item.evidence)]


def _file(path: str, stored: Collection[str]) -> FileRow:
    is_there = path in stored
    return FileRow(href=file_href(path) if is_there else None, name=path.rpartition("/")[2])


def _night(night: Night, account: str) -> Iterator[NightRow]:
    for job in night.jobs:
        yield NightRow(
            href=account_href(night.run_id, account),
            stamp=night.stamp,
            step=job.step,
            kind=job.status.value,
            state=STATES[job.status],
            done=f"{job.totals.done:,} / {job.totals.requested:,}",
            why=": ".join(failure_lines(job.failure)),
        )


def _at(at: datetime) -> str:
    return f"{at.astimezone():%m-%d %H:%M:%S}"
