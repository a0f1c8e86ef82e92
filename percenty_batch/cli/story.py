"""One account's night told line by line: attempts, waits, items, evidence, earlier nights. Pure."""

from collections.abc import Iterator
from datetime import datetime

from percenty_batch.ledger import BatchPlan, JobRecord, job_result
from percenty_batch.logs import RunFolders, one_line
from percenty_batch.manager import AccountNights, counts_line, end_line, moments
from percenty_batch.models import Night
from percenty_batch.reports import STATUSES, failure_lines

_MAX_LENGTH = 500  # of a line


def story_lines(account: str, found: AccountNights, folders: RunFolders) -> Iterator[str]:
    """Tell an account in a run from the ledger alone; `folders` are where its logs stand."""
    yield _line(f"계정 {account}, 실행 {found.run.run_id}")
    for plan, job in found.jobs:
        yield ""
        yield from _job_lines(plan, job)
    yield ""
    yield _line(f"로그: {folders.account_log(account)}")
    yield _line(f"에러 로그: {folders.error_log(account)}")
    yield ""
    yield "지난 밤:" if found.nights else "지난 밤: 기록이 없습니다"
    for night in found.nights:
        yield from map(_line, _night_lines(night))


def _job_lines(plan: BatchPlan, job: JobRecord) -> Iterator[str]:
    result = job_result(job, plan.step)
    mark, status = STATUSES[result.status]
    yield _line(f"{mark} {plan.step}단계: {status}, {counts_line(result)} ({plan.job_id})")
    before: datetime | None = None
    for at, text in moments(job):
        yield _line(f"  {_clock(at, before)}  {text}")
        before = at
    yield _line(f"  끝: {end_line(result)}, 일한 시간 {result.duration_s:.1f}초")
    kept = [*result.evidence, *(path for item in result.items for path in item.evidence)]
    if kept:
        yield "  증거:"
        yield from (_line(f"    {path}") for path in kept)


def _night_lines(night: Night) -> Iterator[str]:
    for job in night.jobs:
        mark, status = STATUSES[job.status]
        totals = job.totals
        why = f", {': '.join(failure_lines(job.failure))}" if job.failure else ""
        yield (
            f"  {night.stamp}  {mark} {job.step}단계: {status},"
            f" {totals.requested}개 중 {totals.done}개{why}"
        )


def _clock(at: datetime, before: datetime | None) -> str:
    """Give the time of day, and the date where it is another than on the line before."""
    local = at.astimezone()
    is_same_day = before is not None and before.astimezone().date() == local.date()
    return f"{local:%H:%M:%S}" if is_same_day else f"{local:%Y-%m-%d %H:%M:%S}"


def _line(text: str) -> str:
    """Make one bounded line that moves no cursor and turns no text."""
    return one_line(text if len(text) <= _MAX_LENGTH else text[:_MAX_LENGTH] + "…")
