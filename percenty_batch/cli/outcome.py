"""How a batch ended: its exit code, and the lines that say so."""

from collections.abc import Iterator, Sequence

from percenty_batch.logs import one_line
from percenty_batch.models import (
    BatchResult,
    ItemOutcome,
    JobResult,
    JobStatus,
    StopReason,
    Verdict,
)
from percenty_batch.reports import STATUSES, VERDICTS

SUCCEEDED = 0
SOME_FAILED = 1
BAD_INPUT = 2
COULD_NOT_RUN = 3
HALTED = 4
DEADLINE = 5
DISK = 6
NOT_REPORTED = 7
LATE = 8
SIGNALLED = 128
_STOPS = {
    StopReason.SITE_DOWN: "사이트 장애",
    StopReason.HALTED: "실패 한도",
    StopReason.DEADLINE: "실행 마감",
    StopReason.EARLIER_STEP: "앞 단계 실패",
}
_HALTS = frozenset({StopReason.HALTED, StopReason.SITE_DOWN})
_BY_WEIGHT = (HALTED, DEADLINE, COULD_NOT_RUN, SOME_FAILED, SUCCEEDED)


def exit_code(result: BatchResult) -> int:
    """Choose the exit code: a signal first, then what ended it, whether anything ran, the verdict.

    An account's own time limit is that account's failure; only the run's deadline counts as one,
    also where it came before any account was opened.
    """
    if result.interrupted_by is not None:
        return SIGNALLED + result.interrupted_by
    if result.halted or any(job.stop_reason in _HALTS for job in result.jobs):
        return HALTED
    if _is_past_deadline(result):
        return DEADLINE
    if not result.could_run and not result.is_cut_off:
        return COULD_NOT_RUN
    return SUCCEEDED if result.verdict is Verdict.SUCCESS else SOME_FAILED


def exit_code_of_all(results: Sequence[BatchResult], *, has_reports: bool) -> int:
    """Choose the exit code of several batches: what weighs most of what they ended in.

    `has_reports` is false when a report could not be written, or a message not be sent; that alone
    makes success a 7.
    """
    code = min(map(exit_code, results), key=_rank, default=SUCCEEDED)
    return NOT_REPORTED if code == SUCCEEDED and not has_reports else code


def outcome_lines_of_all(results: Sequence[BatchResult]) -> Iterator[str]:
    """Tell the outcomes; of several, each line begins with its step."""
    for result in results:
        mark = f"[{result.step}] " if len(results) > 1 else ""
        yield from (f"{mark}{line}" for line in outcome_lines(result))


def outcome_lines(result: BatchResult) -> Iterator[str]:
    """Tell the verdict with its figures, then each account that did not succeed, with why."""
    if exit_code(result) == COULD_NOT_RUN:
        yield f"❌ 실행할 수 없음: {one_line(reason(result.jobs[0]))}"
        return
    statuses = [job.status for job in result.jobs]
    totals = result.totals
    yield (
        f"{' '.join(VERDICTS[result.verdict])}: 계정 {len(statuses)}개 중"
        f" {statuses.count(JobStatus.SUCCEEDED)}개 성공,"
        f" 처리 {totals.done}개, 실패 {totals.failed}개 ({result.duration_s:.1f}초)"
    )
    if result.is_cut_off:
        yield "⚠️ 프로그램이 도중에 종료되었습니다 (이어서 하기: percenty-batch resume)"
    if result.halted:
        yield f"⚠️ {result.halted}"
    for job in result.jobs:
        if job.status is not JobStatus.SUCCEEDED:
            yield f"{status_mark(job.status)} {one_line(job.account)}: {one_line(reason(job))}"


def _rank(code: int) -> int:
    """A signal comes before everything else."""
    return _BY_WEIGHT.index(code) if code in _BY_WEIGHT else -1


def _is_past_deadline(result: BatchResult) -> bool:
    return any(job.stop_reason is StopReason.DEADLINE and not job.failure for job in result.jobs)


def status_mark(status: JobStatus) -> str:
    return STATUSES[status][0]


def reason(job: JobResult) -> str:
    """Say why a job did not succeed: its own failure, else its items, else the stop."""
    if job.failure is not None:
        return job.failure.message
    bad = [i for i in job.items if i.outcome in (ItemOutcome.FAILED, ItemOutcome.UNKNOWN)]
    if not bad:
        why = f" ({_STOPS[job.stop_reason]})" if job.stop_reason in _STOPS else ""
        return f"{'도중에 멈춤' if job.attempts else '시작하지 않음'}{why}"
    unknown = f", 확인 불가 {job.totals.unknown}개" if job.totals.unknown else ""
    first = f"{bad[0].key}: {bad[0].reason or '이유를 알 수 없음'}"
    return f"실패 {job.totals.failed}개{unknown} ({first})"
