"""What the messages say. Pure: which accounts failed, why, and can the rest be started again."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    BatchResult,
    ItemOutcome,
    JobResult,
    JobStatus,
    StopReason,
    Totals,
    Verdict,
)
from percenty_batch.notify.texts import inert

Mood = Literal["info", "success", "warning", "failure"]

NAME = "퍼센티 배치"
_VERDICTS: dict[Verdict, tuple[str, Mood]] = {
    Verdict.SUCCESS: ("✅ 성공", "success"),
    Verdict.PARTIAL: ("⚠️ 부분 성공", "warning"),
    Verdict.FAILED: ("❌ 실패", "failure"),
}
_NEEDS_A_PERSON = {
    FailureKind.WRONG_PASSWORD: "비밀번호 오류",
    FailureKind.LOCKED: "계정 잠김",
    FailureKind.CAPTCHA: "CAPTCHA",
    FailureKind.BLOCKED: "접속 차단",
    FailureKind.WRONG_ACCOUNT: "계정 불일치",
    FailureKind.DATA: "작업 시트나 상품 내용",
}
_STOPS = {
    StopReason.SITE_DOWN: "사이트 장애",
    StopReason.HALTED: "실패 한도",
    StopReason.DEADLINE: "실행 마감",
}
_BAD = (ItemOutcome.FAILED, ItemOutcome.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`head` is always told; of `rows`, one line each, as many as the channel takes."""

    title: str
    head: tuple[str, ...]
    rows: tuple[str, ...] = ()
    mood: Mood = "info"


def digest(
    results: Sequence[BatchResult],
    *,
    stamp: str,
    run_id: str,
    place: str,
    mask: Callable[[str], str] = str,
    is_update: bool = False,
) -> Message:
    """Tell how a run ended. `place` is host and log folder; `is_update`: an earlier one was told.

    Every text from a page goes through `mask` and is made inert.
    """
    short = [job for result in results for job in result.jobs if not _has_succeeded(job)]
    everyone = {job.account for result in results for job in result.jobs}
    succeeded = len(everyone - {job.account for job in short})
    verdict, mood = _VERDICTS[_verdict(results)]
    totals = Totals.sum(result.totals for result in results)
    return Message(
        title=f"{'[갱신] ' if is_update else ''}{NAME} {verdict}: 계정 {succeeded}/{len(everyone)}"
        f" ({stamp})",
        head=(
            f"{verdict}: 계정 {len(everyone)}개 중 {succeeded}개 성공,"
            f" 처리 {totals.done}개, 실패 {totals.failed}개",
            *_notes(results, mask),
            *_restart_lines(results, short, run_id),
            f"실행: {inert(run_id)} ({inert(place)})",
        ),
        rows=tuple(_rows(short, mask)),
        mood=mood,
    )


def fingerprint(results: Iterable[BatchResult]) -> str:
    """Name an outcome, so that the same one is told only once."""
    told = [
        [
            result.job_id,
            result.interrupted_by,
            result.halted,
            result.is_cut_off,
            [
                [job.account, job.status, job.stop_reason, *_figures(job.totals)]
                for job in result.jobs
            ],
        ]
        for result in results
    ]
    return sha256(json.dumps(told).encode()).hexdigest()


def halt_alert(text: str, *, run_id: str, place: str, mask: Callable[[str], str] = str) -> Message:
    """Tell at once that the rest of a batch is given up."""
    return Message(
        title=f"{NAME} ⛔ 배치 중단 ({inert(run_id)})",
        head=(
            inert(mask(text)),
            "진행 중인 작업을 마치고 멈춥니다. 끝나면 결과를 다시 알립니다.",
            f"실행: {inert(run_id)} ({inert(place)})",
        ),
        mood="failure",
    )


def late_alert(text: str, *, place: str) -> Message:
    """Tell that no run has finished for too long."""
    return Message(
        title=f"{NAME} ⏰ 끝난 실행 없음", head=(inert(text), inert(place)), mood="failure"
    )


def trial(place: str) -> Message:
    """Give the message of `notify test`."""
    return Message(
        title=f"{NAME} 알림 시험",
        head=("이 메시지가 보이면 알림 설정이 맞습니다.", inert(place)),
        mood="info",
    )


def reason(job: JobResult) -> str:
    """Say why a job did not succeed: its own failure, else its items, else the stop."""
    if job.failure is not None:
        return job.failure.message
    bad = next((item for item in job.items if item.outcome in _BAD), None)
    if bad is None:
        why = f" ({_STOPS[job.stop_reason]})" if job.stop_reason in _STOPS else ""
        return f"{'도중에 멈춤' if job.attempts else '시작하지 않음'}{why}"
    return f"{bad.key}: {bad.reason or '이유를 알 수 없음'}"


def needs_a_person(job: JobResult) -> bool:
    """Tell whether another try is of no use before somebody has looked at the account."""
    return job.failure is not None and job.failure.kind in _NEEDS_A_PERSON


def _verdict(results: Sequence[BatchResult]) -> Verdict:
    verdicts = {result.verdict for result in results}
    if verdicts == {Verdict.SUCCESS}:
        return Verdict.SUCCESS
    return Verdict.PARTIAL if verdicts - {Verdict.FAILED} else Verdict.FAILED


def _has_succeeded(job: JobResult) -> bool:
    return job.status is JobStatus.SUCCEEDED


def _figures(totals: Totals) -> tuple[int, ...]:
    return totals.done, totals.failed, totals.skipped, totals.unknown


def _notes(results: Sequence[BatchResult], mask: Callable[[str], str]) -> Iterator[str]:
    resumptions = max((result.resumptions for result in results), default=0)
    if resumptions:
        yield f"이어서 실행: {resumptions}회"
    for result in results:
        if result.halted:
            yield f"중단 사유: {inert(mask(result.halted))}"
        if result.interrupted_by is not None:
            yield f"신호로 중단됨 (신호 {result.interrupted_by})"


def _restart_lines(
    results: Sequence[BatchResult], short: Sequence[JobResult], run_id: str
) -> Iterator[str]:
    """Answer the morning's question: can I start the rest again?"""
    if not short:
        yield "다시 시작할 것이 없습니다."
        return
    refused = {job.account for job in short if needs_a_person(job)}
    left = {job.account for job in short} - refused
    if left:
        yield f"다시 시작할 수 있음 (계정 {len(left)}개): percenty-batch resume {inert(run_id)}"
    if any(job.stop_reason is StopReason.SITE_DOWN for result in results for job in result.jobs):
        yield "사이트 장애로 멈췄으므로 사이트가 열린 뒤에 시작하십시오."
    if refused:
        failures = [job.failure for job in short if job.failure and needs_a_person(job)]
        kinds = Counter(_NEEDS_A_PERSON[failure.kind] for failure in failures)
        told = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        yield f"사람이 먼저 확인해야 함 (계정 {len(refused)}개): {told}"


def _rows(short: Sequence[JobResult], mask: Callable[[str], str]) -> Iterator[str]:
    """Failures that need a person first, then the others, what was not reached last."""
    for job in sorted(short, key=_urgency):
        totals = job.totals
        done = f", 처리 {totals.done}/{totals.requested}" if totals.done else ""
        yield f"- {inert(job.account)} ({job.step}단계): {inert(mask(reason(job)))}{done}"


def _urgency(job: JobResult) -> int:
    if needs_a_person(job):
        return 0
    return 2 if job.status is JobStatus.CANCELLED else 1
