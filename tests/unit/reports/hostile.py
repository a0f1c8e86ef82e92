"""Texts that want to be more than texts, and a run in which every text is one of them."""

from datetime import UTC, datetime, timedelta

from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    StopReason,
)

STAMP = "20241201_143052"
AT = datetime(2024, 12, 1, 5, 30, 52, tzinfo=UTC)
TEXTS = (
    "<script>window.pwned = 1</script>",
    "</title></style></svg><img src=x onerror='window.pwned = 2'>",
    '" onmouseover="window.pwned = 3" autofocus onfocus="window.pwned = 4" x="',
    "<svg onload=window.pwned=5><a xlink:href='javascript:window.pwned=6'>x</a>",
    "<iframe srcdoc='<script>parent.pwned=7</script>'></iframe>",
    "<link rel=stylesheet href=//evil.example/x.css>"
    "<meta http-equiv=refresh content=0;//evil.example>",
    "![x](http://evil.example/pixel.png) [눌러요](javascript:window.pwned=8)",
    "{{ 7 * 7 }} {% raw %} {{ ''.__class__.__mro__ }} {#",
    "]]><x/><!ENTITY x SYSTEM 'file:///etc/passwd'> &amp; &lt;",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    '@SUM(1,2)*HYPERLINK("http://evil.example")',
    "\t=1+1",
    "\r\n=1+1",
    "＝1+1",
    "\x1b[2J\x1b[31m빨강\x1b]0;제목\x07",
    "\u202egnp.exe\u2066 \u200b\ufeff\u2028다음 줄\u0085",
    "\ud800 반쪽 \ufffe\uffff \x00",
    "../../../../etc/passwd",
    "javascript:window.pwned=9",
)
LONG = "긴 줄 <b>" * 1_250_000  # about 10 MB


def hostile_run(long: str = LONG) -> BatchResult:
    """A run in which account names, messages, keys, groups and file names are such texts."""
    jobs = tuple(_job(number, text) for number, text in enumerate((*TEXTS, long)))
    return BatchResult(
        job_id=f"single_step_1_{STAMP}",
        step="1",
        stamp=STAMP,
        jobs=jobs,
        started_at=AT,
        finished_at=AT + timedelta(hours=1),
        duration_s=3600.0,
        halted=TEXTS[0],
        is_cut_off=True,
    )


def _job(number: int, text: str) -> JobResult:
    kinds = (FailureKind.CAPTCHA, FailureKind.TIMEOUT, FailureKind.DATA)
    evidence = (f"evidence/{STAMP}/{text[:60]}/a.png", f"evidence/{STAMP}/{text[:60]}/a.html")
    item = ItemResult(
        key=text,
        outcome=ItemOutcome.FAILED,
        reason=text,
        kind=FailureKind.PAGE_CHANGED,
        moved_to=text,
        evidence=evidence,
        recorded_at=AT + timedelta(seconds=number),
    )
    return JobResult(
        account=text if len(text) < 1000 else f"long{number}@example.com",
        step="1",
        requested=5,
        items=(item,) if number % 2 else (),
        stop_reason=StopReason.ERROR,
        failure=Failure(kind=kinds[number % 3], message=text),
        attempts=1,
        started_at=AT + timedelta(seconds=number),
        finished_at=AT + timedelta(seconds=60 + number),
        duration_s=60.0,
        evidence=evidence,
    )
