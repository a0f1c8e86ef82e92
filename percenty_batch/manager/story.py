"""One account's night in the order of time. Pure."""

from collections.abc import Iterator
from datetime import datetime

from percenty_batch.ledger import AttemptRecord, ItemRecord, JobRecord
from percenty_batch.models import JobResult, StopReason
from percenty_batch.reports import STOP_REASONS, failure_lines, item_line

Moment = tuple[datetime, str]


def moments(job: JobRecord) -> list[Moment]:
    """List what is known of a job in the order of time; a wait stands before the next attempt."""
    told = [*_attempt_moments(job.attempts), *(_item_moment(item) for item in job.items)]
    return sorted(told, key=lambda moment: moment[0])


def counts_line(result: JobResult) -> str:
    """Tell what became of a job's items: `20개 중 완료 18개, 실패 2개`."""
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


def end_line(result: JobResult) -> str:
    """Tell why a job ended."""
    if result.stop_reason is StopReason.ERROR and result.failure:
        return ": ".join(failure_lines(result.failure))
    return STOP_REASONS[result.stop_reason]


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


def _seconds(begin: datetime, end: datetime) -> str:
    return f"{max((end - begin).total_seconds(), 0.0):.1f}초"
