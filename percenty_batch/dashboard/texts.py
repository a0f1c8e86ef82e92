"""The dashboard's Korean words and how it writes numbers and times."""

from datetime import datetime

from percenty_batch.models import JobStatus, Verdict
from percenty_batch.reports import STATUSES, VERDICTS, spoken

STATES = {
    JobStatus.PENDING: "대기",
    JobStatus.RUNNING: "실행 중",
    **{status: words for status, (_, words) in STATUSES.items()},
}
"""Without the reports' marks: colours stand beside the words, and not every system has emoji."""
KINDS = {Verdict.SUCCESS: "succeeded", Verdict.PARTIAL: "partial", Verdict.FAILED: "failed"}
"""A verdict's class in the style sheet: that of the job status that looks like it."""


def run_state(verdict: Verdict | None, *, is_running: bool, is_cut_off: bool) -> tuple[str, str]:
    """Give a run's class in the style sheet and its words."""
    if is_running:
        return "running", "실행 중"
    if verdict is None:
        return "pending", "시작한 배치 없음"
    words = VERDICTS[verdict][1]
    return KINDS[verdict], f"{words} (도중에 끊김)" if is_cut_off else words


def moment(at: datetime | None) -> str:
    """Write a local time with its date; nothing for None."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}" if at else ""


def count(number: int) -> str:
    return f"{number:,}"


def left(seconds: float | None) -> str:
    """Write how long something still takes."""
    return "알 수 없음" if seconds is None else f"약 {spoken(max(seconds, 1.0))}"
