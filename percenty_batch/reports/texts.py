"""The Korean words of the reports."""

from datetime import datetime

from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    Failure,
    ItemOutcome,
    ItemResult,
    JobStatus,
    LogGap,
    StopReason,
    Verdict,
)

VERDICTS = {
    Verdict.SUCCESS: ("✅", "성공"),
    Verdict.PARTIAL: ("⚠️", "부분 성공"),
    Verdict.FAILED: ("❌", "실패"),
}

STATUSES = {
    JobStatus.SUCCEEDED: ("✅", "성공"),
    JobStatus.PARTIAL: ("⚠️", "부분 성공"),
    JobStatus.FAILED: ("❌", "실패"),
    JobStatus.CANCELLED: ("❌", "취소됨"),
}

OUTCOMES = {
    ItemOutcome.DONE: "완료",
    ItemOutcome.FAILED: "실패",
    ItemOutcome.SKIPPED: "건너뜀",
    ItemOutcome.UNKNOWN: "확인 불가",
}

STOP_REASONS = {
    StopReason.QUANTITY_REACHED: "요청 수량 도달",
    StopReason.SOURCE_EMPTY: "처리할 상품 없음",
    StopReason.BUDGET_REACHED: "처리 한도 도달",
    StopReason.QUOTA_REACHED: "사이트 이용 횟수 소진",
    StopReason.DEADLINE: "제한 시간 초과",
    StopReason.CANCELLED: "사용자에 의해 중단",
    StopReason.SITE_DOWN: "사이트 장애로 중단",
    StopReason.HALTED: "실패 한도 도달로 중단",
    StopReason.EARLIER_STEP: "앞 단계가 실패하여 시작하지 않음",
    StopReason.ERROR: "오류로 중단",
}

NOT_BEGUN = "시작하기 전에 중단됨"

FAILURE_KINDS = {
    FailureKind.WRONG_PASSWORD: "비밀번호 오류",
    FailureKind.LOCKED: "계정 잠김",
    FailureKind.CAPTCHA: "자동 로그인 방지(CAPTCHA)",
    FailureKind.BLOCKED: "접속 차단",
    FailureKind.WRONG_ACCOUNT: "계정 불일치",
    FailureKind.SITE_ERROR: "사이트 오류",
    FailureKind.TIMEOUT: "시간 초과",
    FailureKind.PAGE_CHANGED: "화면 구조 변경",
    FailureKind.BROWSER_CRASHED: "브라우저 비정상 종료",
    FailureKind.IN_USE: "다른 실행이 사용 중인 계정",
    FailureKind.DATA: "데이터 오류",
    FailureKind.UNKNOWN: "알 수 없는 오류",
}

# What is missing from the logs, and its measure.
_MISSING = {
    "traces": ("trace가", "건"),
    "evidence": ("화면과 HTML이", "건"),
    "debug": ("디버그 로그가", "줄"),
    "info": ("정보 로그가", "줄"),
    "lines": ("로그 일부가", "줄"),
}

SIGN_IN_KINDS = frozenset(
    {
        FailureKind.WRONG_PASSWORD,
        FailureKind.LOCKED,
        FailureKind.CAPTCHA,
        FailureKind.BLOCKED,
    }
)


def failure_lines(failure: Failure | None) -> tuple[str, ...]:
    """Tell a job's failure; a sign-in's begins with the guide's own line."""
    if failure is None:
        return ()
    label, message = FAILURE_KINDS[failure.kind], failure.message.strip()
    told = message if message.startswith(label) else ": ".join(filter(None, (label, message)))
    return ("로그인 실패", told) if failure.kind in SIGN_IN_KINDS else (told,)


def item_line(item: ItemResult) -> str:
    """Tell one item's outcome, with its reason or else the kind of its failure."""
    reason = item.reason or (FAILURE_KINDS[item.kind] if item.kind else "")
    return " - ".join(filter(None, (f"{item.key}: {OUTCOMES[item.outcome]}", reason)))


def gap_line(gap: LogGap) -> str:
    """Tell what is missing: `13:04:05부터 정보 로그가 없습니다 (디스크 공간 부족, 3줄)`."""
    what, measure = _MISSING[gap.missing]
    until = f" {clock(gap.until)}까지" if gap.until else ""
    count = f"{gap.count}{measure}" if gap.count else ""
    why = ", ".join(filter(None, (gap.cause, count)))
    return f"{clock(gap.since)}부터{until} {what} 없습니다 ({why})"


def clock(at: datetime) -> str:
    """Write a time of day, local: `02:14:09`."""
    return f"{at.astimezone():%H:%M:%S}"
