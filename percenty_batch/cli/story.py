"""One account's night told line by line: attempts, waits, items, evidence, earlier nights. Pure."""

from collections.abc import Iterator
from datetime import datetime

from percenty_batch.cli.runs import Found
from percenty_batch.ledger import AttemptRecord, BatchPlan, ItemRecord, JobRecord, job_result
from percenty_batch.logs import RunFolders, one_line
from percenty_batch.models import JobResult, Night, StopReason
from percenty_batch.reports import STATUSES, STOP_REASONS, failure_lines, item_line

_MAX_LENGTH = 500  # of a line

Moment = tuple[datetime, str]


def story_lines(account: str, found: Found, folders: RunFolders) -> Iterator[str]:
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
    yield _line(f"{mark} {plan.step}단계: {status}, {_counts(result)} ({plan.job_id})")
    before: datetime | None = None
    for at, text in moments(job):
        yield _line(f"  {_clock(at, before)}  {text}")
        before = at
    yield _line(f"  끝: {_end(result)}, 일한 시간 {result.duration_s:.1f}초")
    kept = [*result.evidence, *(path for item in result.items for path in item.evidence)]
    if kept:
        yield "  증거:"
        yield from (_line(f"    {path}") for path in kept)


def moments(job: JobRecord) -> list[Moment]:
    """List what is known of a job in the order of time; a wait stands before the next attempt."""
    told = [*_attempt_moments(job.attempts), *(_item_moment(item) for item in job.items)]
    return sorted(told, key=lambda moment: moment[0])


def _attempt_moments(attempts: tuple[AttemptRecord, ...]) -> Iterator[Moment]:
    ended_at: datetime | None = None
    for attempt in attempts:
        waited = f" ({_seconds(ended_at, attempt.started_at)} 기다린 뒤)" if ended_at else ""
        yield attempt.started_at, f"시도 {attempt.number} 시작{waited}"
        ended_at = attempt.finished_at
        if attempt.finished_at:
            why = ": ".join(failure_lines(attempt.failure)) or "오류 없음"
            yield attempt.finished_at, f"시도 {attempt.number} 끝: {why}"
        else:
            yield attempt.started_at, f"시도 {attempt.number}의 끝은 기록되지 않았습니다"


def _item_moment(item: ItemRecord) -> Moment:
    if item.result is None:
        return item.claimed_at, f"{item.key}: 시작했으나 끝이 기록되지 않았습니다"
    moved = f" → {item.result.moved_to}" if item.result.moved_to else ""
    told = f"{item_line(item.result)}{moved} ({item.result.duration_s:.1f}초)"
    return item.recorded_at or item.claimed_at, told


def _night_lines(night: Night) -> Iterator[str]:
    for job in night.jobs:
        mark, status = STATUSES[job.status]
        totals = job.totals
        why = f", {': '.join(failure_lines(job.failure))}" if job.failure else ""
        yield (
            f"  {night.stamp}  {mark} {job.step}단계: {status},"
            f" {totals.requested}개 중 {totals.done}개{why}"
        )


def _counts(result: JobResult) -> str:
    totals = result.totals
    parts = {
        "완료": totals.done,
        "실패": totals.failed,
        "건너뜀": totals.skipped,
        "확인 불가": totals.unknown,
        "시도하지 않음": totals.not_attempted,
    }
    return f"{totals.requested}개 중 " + ", ".join(
        f"{name} {count}개" for name, count in parts.items() if count or name == "완료"
    )


def _end(result: JobResult) -> str:
    if result.stop_reason is StopReason.ERROR and result.failure:
        return ": ".join(failure_lines(result.failure))
    return STOP_REASONS[result.stop_reason]


def _clock(at: datetime, before: datetime | None) -> str:
    """Give the time of day, and the date where it is another than on the line before."""
    local = at.astimezone()
    is_same_day = before is not None and before.astimezone().date() == local.date()
    return f"{local:%H:%M:%S}" if is_same_day else f"{local:%Y-%m-%d %H:%M:%S}"


def _seconds(begin: datetime, end: datetime) -> str:
    return f"{max((end - begin).total_seconds(), 0.0):.1f}초"


def _line(text: str) -> str:
    """Make one bounded line that moves no cursor and turns no text."""
    return one_line(text if len(text) <= _MAX_LENGTH else text[:_MAX_LENGTH] + "…")
