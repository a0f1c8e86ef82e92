"""How a batch ended: its exit code, and the lines that say so."""

from collections.abc import Iterator

from percenty_batch.logs import one_line
from percenty_batch.models import BatchResult, ItemOutcome, JobResult, JobStatus, Verdict
from percenty_batch.reports import STATUSES, VERDICTS

SUCCEEDED = 0
SOME_FAILED = 1
BAD_INPUT = 2
COULD_NOT_RUN = 3
_SIGNALLED = 128


def exit_code(result: BatchResult) -> int:
    """Choose the exit code: a signal first, then whether anything ran, then the verdict."""
    if result.interrupted_by is not None:
        return _SIGNALLED + result.interrupted_by
    if not result.could_run:
        return COULD_NOT_RUN
    return SUCCEEDED if result.verdict is Verdict.SUCCESS else SOME_FAILED


def outcome_lines(result: BatchResult) -> Iterator[str]:
    """Tell the verdict with its figures, then each account that did not succeed, with why."""
    if not result.could_run and result.interrupted_by is None:
        yield f"❌ 실행할 수 없음: {one_line(reason(result.jobs[0]))}"
        return
    statuses = [job.status for job in result.jobs]
    totals = result.totals
    yield (
        f"{' '.join(VERDICTS[result.verdict])}: 계정 {len(statuses)}개 중"
        f" {statuses.count(JobStatus.SUCCEEDED)}개 성공,"
        f" 처리 {totals.done}개, 실패 {totals.failed}개 ({result.duration_s:.1f}초)"
    )
    for job in result.jobs:
        if job.status is not JobStatus.SUCCEEDED:
            yield f"{status_mark(job.status)} {one_line(job.account)}: {one_line(reason(job))}"


def status_mark(status: JobStatus) -> str:
    return STATUSES[status][0]


def reason(job: JobResult) -> str:
    """Say why a job did not succeed: its own failure, else its items, else the stop."""
    if job.failure is not None:
        return job.failure.message
    bad = [i for i in job.items if i.outcome in (ItemOutcome.FAILED, ItemOutcome.UNKNOWN)]
    if not bad:
        return "중단되었습니다"
    unknown = f", 확인 불가 {job.totals.unknown}개" if job.totals.unknown else ""
    first = f"{bad[0].key}: {bad[0].reason or '이유를 알 수 없음'}"
    return f"실패 {job.totals.failed}개{unknown} ({first})"
