"""From results to the JSON twins. Pure; their form is told in `schemas/`."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from percenty_batch.models import BatchResult, ItemResult, JobResult, JobStatus, LogGap, Totals
from percenty_batch.reports.gaps import gaps_of
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.summary import (
    batch_report_name,
    run_counts,
    run_verdict,
    written_name,
)
from percenty_batch.reports.views import account_counts, source_agrees

SCHEMA_VERSION = 4

Document = dict[str, Any]

# Legal inside a JSON string, yet able to split or turn a line where the file is shown.
_RAW = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def to_json(document: Document) -> str:
    """Write a document as readable JSON; Hangul stays, invisible characters are escaped."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    return _RAW.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n"


def batch_document(result: BatchResult, logs: LogPaths, gaps: Iterable[LogGap] = ()) -> Document:
    """Tell one batch with every account and every item; `gaps` are the run's."""
    return {
        **_batch_without_accounts(result, gaps),
        "accounts": [_account(job, logs) for job in result.jobs],
    }


def batch_json(result: BatchResult, logs: LogPaths, gaps: Iterable[LogGap] = ()) -> Iterator[str]:
    """Give the text of `batch_document`, an account at a time: of ten thousand it is long."""
    begin, end = to_json({**_batch_without_accounts(result, gaps), "accounts": []}).rsplit("[]", 1)
    yield f"{begin}["
    for number, job in enumerate(result.jobs):
        account = to_json(_account(job, logs)).rstrip("\n").replace("\n", "\n    ")
        yield f"{',' if number else ''}\n    {account}"
    yield f"\n  ]{end}" if result.jobs else f"]{end}"


def summary_document(
    results: Sequence[BatchResult],
    *,
    stamp: str,
    logs: LogPaths,
    written: Collection[str],
    gaps: Iterable[LogGap] = (),
    notices: Iterable[str] = (),
) -> Document:
    """Tell a run: its batches without their items, its sums, the accounts that fell short.

    `notices` say what went wrong with the run's messages.
    """
    counts = run_counts(results)
    return {
        "schema_version": SCHEMA_VERSION,
        "stamp": stamp,
        "verdict": run_verdict(results).value,
        "totals": {
            **_totals(Totals.sum(result.totals for result in results)),
            "products": sum(result.products for result in results),
            "batches": len(results),
            "accounts": counts.total,
            "accounts_succeeded": counts.succeeded,
            "accounts_not_succeeded": counts.not_succeeded,
        },
        "gaps": [_gap(gap) for gap in gaps],
        "notices": list(notices),
        "batches": [_batch_entry(result, written) for result in results],
        "shortfalls": [
            {"job_id": result.job_id, **_account_head(job, logs)}
            for result in results
            for job in result.jobs
            if job.status is not JobStatus.SUCCEEDED
        ],
    }


def _batch_without_accounts(result: BatchResult, gaps: Iterable[LogGap]) -> Document:
    return {
        "schema_version": SCHEMA_VERSION,
        "stamp": result.stamp,
        **_batch_head(result),
        "gaps": [_gap(gap) for gap in gaps_of(result, gaps)],
    }


def _batch_entry(result: BatchResult, written: Collection[str]) -> Document:
    name = batch_report_name(result.job_id)
    return {
        **_batch_head(result),
        "report": written_name(f"{name}.md", written),
        "report_json": written_name(f"{name}.json", written),
    }


def _batch_head(result: BatchResult) -> Document:
    return {
        "job_id": result.job_id,
        "step": result.step,
        "verdict": result.verdict.value,
        "started_at": _iso(result.started_at),
        "finished_at": _iso(result.finished_at),
        "duration_s": result.duration_s,
        "interrupted_by": result.interrupted_by,
        "halted": result.halted,
        "is_cut_off": result.is_cut_off,
        "resumptions": result.resumptions,
        "totals": _batch_totals(result),
    }


def _batch_totals(result: BatchResult) -> Document:
    counts = account_counts(result.jobs)
    return {
        **_totals(result.totals),
        "products": result.products,
        "accounts": counts.total,
        "accounts_succeeded": counts.succeeded,
        "accounts_partial": counts.partial,
        "accounts_failed": counts.failed,
        "accounts_cancelled": counts.cancelled,
    }


def _totals(totals: Totals) -> Document:
    return {
        "requested": totals.requested,
        "done": totals.done,
        "failed": totals.failed,
        "skipped": totals.skipped,
        "unknown": totals.unknown,
        "not_attempted": totals.not_attempted,
    }


def _account(job: JobResult, logs: LogPaths) -> Document:
    return {**_account_head(job, logs), "items": [_item(item) for item in job.items]}


def _account_head(job: JobResult, logs: LogPaths) -> Document:
    failure = job.failure
    return {
        "account": job.account,
        "status": job.status.value,
        **_totals(job.totals),
        "products": job.products,
        "stop_reason": job.stop_reason.value,
        "failure_kind": failure.kind.value if failure else None,
        "failure_message": failure.message if failure else None,
        "attempts": job.attempts,
        "started_at": _iso(job.started_at),
        "finished_at": _iso(job.finished_at),
        "duration_s": job.duration_s,
        "source_before": job.source_before,
        "source_after": job.source_after,
        "source_agrees": source_agrees(job),
        "log": logs.log_of(job.account),
        "error_log": logs.error_log_of(job.account),
        "evidence": list(job.evidence),
    }


def _item(item: ItemResult) -> Document:
    return {
        "key": item.key,
        "outcome": item.outcome.value,
        "reason": item.reason,
        "kind": item.kind.value if item.kind else None,
        "moved_to": item.moved_to,
        "amount": item.products,
        "duration_s": item.duration_s,
        "evidence": list(item.evidence),
    }


def _gap(gap: LogGap) -> Document:
    return {
        "missing": gap.missing,
        "cause": gap.cause,
        "since": _iso(gap.since),
        "until": _iso(gap.until),
        "count": gap.count,
    }


def _iso(at: datetime | None) -> str | None:
    return at.astimezone().isoformat(timespec="microseconds") if at else None
