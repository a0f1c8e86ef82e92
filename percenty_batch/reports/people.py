"""Which accounts need a person before the next night, and what is to be done. Pure."""

from dataclasses import dataclass

from percenty_batch.errors import FailureKind
from percenty_batch.models import JobOutline, JobStatus
from percenty_batch.reports.history import Change, Mark

PATIENCE_NIGHTS = 3
"""What heals by itself is a person's matter when it has come back for so many nights."""

_TO_DO = {
    FailureKind.WRONG_PASSWORD: "비밀번호를 확인하고 계정 파일을 고치세요",
    FailureKind.LOCKED: "사이트에서 계정 잠김을 풀어 주세요",
    FailureKind.CAPTCHA: "브라우저로 직접 로그인하여 보안 문자를 입력하세요",
    FailureKind.BLOCKED: "접속 차단 사유를 확인하고 사이트에 문의하세요",
    FailureKind.WRONG_ACCOUNT: "계정 파일의 아이디가 로그인되는 계정과 같은지 확인하세요",
    FailureKind.DATA: "작업 시트나 상품의 내용을 고치세요",
}
_LASTING = "저절로 낫지 않습니다. 로그와 증거를 확인하세요"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """An account that somebody must look after, and what to do."""

    account: str
    step: str
    failure: str
    kind: FailureKind | None
    to_do: str
    nights: int


def to_do(job: JobOutline, change: Change | None) -> str | None:
    """Tell what a person must do for the account; None when it will heal, or nothing is wrong."""
    if job.status in (JobStatus.SUCCEEDED, JobStatus.CANCELLED):
        return None
    if job.failure and job.failure.kind in _TO_DO:
        return _TO_DO[job.failure.kind]
    is_failing = change is not None and change.tonight and change.tonight.mark is Mark.FAILED
    return _LASTING if change and is_failing and change.nights >= PATIENCE_NIGHTS else None


def need(job: JobOutline, change: Change | None) -> Need | None:
    """Tell what the account needs; None when it needs nobody."""
    what = to_do(job, change)
    if what is None:
        return None
    return Need(
        account=job.account,
        step=job.step,
        failure=job.failure.message if job.failure else "",
        kind=job.failure.kind if job.failure else None,
        to_do=what,
        nights=change.nights if change else 0,
    )
