"""One account's night in the order of time. Pure."""

from collections.abc import Iterator
from datetime import datetime

from percenty_batch.ledger import AttemptRecord, ItemRecord, JobRecord
from percenty_batch.models import JobResult, StopReason
from percenty_batch.reports import STOP_REASONS, failure_lines, item_line

Moment = tuple[datetime, str]


def moments(job: JobRecord, *, is_at_work: bool = False) -> list[Moment]:
    """List what is known of a job in the order of time; a wait stands before the next attempt.

    What has no end was cut off, unless the job `is_at_work`.
    """
    told = [
        *_attempt_moments(job.attempts, is_at_work=is_at_work),
        *(_item_moment(item, is_at_work=is_at_work) for item in job.items),
    ]
    return sorted(told, key=lambda moment: moment[0])


def counts_line(result: JobResult, *, is_at_work: bool = False) -> str:
    """Tell what became of a job's items: `20개 중 완료 18개, 실패 2개`."""
    totals = result.totals
    parts = {
        "완료": totals.done,
        "실패": totals.failed,
        "건너뜀": totals.skipped,
        "하는 중" if is_at_work else "확인 불가": totals.unknown,
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


def _attempt_moments(attempts: tuple[AttemptRecord, ...], *, is_at_work: bool) -> Iterator[Moment]:
    ended_at: datetime | None = None
    for attempt in attempts:
        waited = f" ({_seconds(ended_at, attempt.started_at)} 기다린 뒤)" if ended_at else ""
        yield attempt.started_at, f"시도 {attempt.number} 시작{waited}"
        ended_at = attempt.finished_at
        if attempt.finished_at:
            why = ": ".join(failure_lines(attempt.failure)) or "오류 없음"
            yield attempt.finished_at, f"시도 {attempt.number} 끝: {why}"
        elif not (is_at_work and attempt is attempts[-1]):
            yield attempt.started_at, f"시도 {attempt.number}의 끝은 기록되지 않았습니다"


def _item_moment(item: ItemRecord, *, is_at_work: bool) -> Moment:
    if item.result is None:
        told = "하는 중" if is_at_work else "시작했으나 끝이 기록되지 않았습니다"
        return item.claimed_at, f"{item.key}: {told}"
    moved = f" → {item.result.moved_to}" if item.result.moved_to else ""
    told = f"{item_line(item.result)}{moved} ({item.result.duration_s:.1f}초)"
    return item.recorded_at or item.claimed_at, told


def _seconds(begin: datetime, end: datetime) -> str:
    return f"{max((end - begin).total_seconds(), 0.0):.1f}초"
