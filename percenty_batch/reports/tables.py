"""A run as CSV: every row of it, and the hand-over of accounts that need a person. Pure.

A spreadsheet runs what begins like a formula, in any cell and in any quotes; here such a cell
begins with an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from percenty_batch.models import BatchResult, ItemResult, JobOutline, JobResult
from percenty_batch.reports.history import Change, Key
from percenty_batch.reports.markdown import visible
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.people import Need, need, to_do
from percenty_batch.reports.texts import FAILURE_KINDS

_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "|", "%")
_MAX_LENGTH = 2000  # of a cell
_BOM = "\ufeff"  # without it Excel takes Hangul for the old code page's

ROW_NAMES = (
    "job_id",
    "step",
    "account",
    "status",
    "stop_reason",
    "failure_kind",
    "failure_message",
    "to_do",
    "since_last_night",
    "attempts",
    "started_at",
    "finished_at",
    "duration_s",
    "requested",
    "item",
    "outcome",
    "item_kind",
    "reason",
    "moved_to",
    "item_duration_s",
    "recorded_at",
)
HANDOVER_NAMES = ("account", "step", "failure_kind", "failure", "message", "to_do", "nights", "log")

Cell = str | int | float | datetime | None


def rows_csv(results: Iterable[BatchResult], changes: Mapping[Key, Change]) -> Iterator[str]:
    """Give the lines of a table with a row per item; an account without one has a row, too."""
    yield _BOM + _line(ROW_NAMES)
    for result in results:
        for job in result.jobs:
            head = _job_cells(result, job, changes.get((job.account, job.step)))
            for item in job.items or (None,):
                yield _line((*head, *_item_cells(item)))


def handover_csv(
    results: Iterable[BatchResult], changes: Mapping[Key, Change], logs: LogPaths
) -> Iterator[str]:
    """Give the lines of a table of the accounts that need a person, and of no others."""
    yield _BOM + _line(HANDOVER_NAMES)
    for result in results:
        for job in result.jobs:
            needed = need(JobOutline.of(job), changes.get((job.account, job.step)))
            if needed:
                yield _line(_need_cells(needed, logs))


def inert(text: str) -> str:
    """Make a cell that no spreadsheet takes for a formula: one line, bounded, nothing hidden."""
    cut = text if len(text) <= _MAX_LENGTH else text[:_MAX_LENGTH] + "…"
    shown = visible(cut)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA_STARTS) else shown


def _job_cells(result: BatchResult, job: JobResult, change: Change | None) -> Sequence[Cell]:
    failure = job.failure
    return (
        result.job_id,
        job.step,
        job.account,
        job.status.value,
        job.stop_reason.value,
        failure.kind.value if failure else None,
        failure.message if failure else None,
        to_do(JobOutline.of(job), change),
        change.state.value if change else None,
        job.attempts,
        job.started_at,
        job.finished_at,
        job.duration_s,
        job.requested,
    )


def _item_cells(item: ItemResult | None) -> Sequence[Cell]:
    if item is None:
        return (None,) * 7
    return (
        item.key,
        item.outcome.value,
        item.kind and item.kind.value,
        item.reason,
        item.moved_to,
        item.duration_s,
        item.recorded_at,
    )


def _need_cells(needed: Need, logs: LogPaths) -> Sequence[Cell]:
    return (
        needed.account,
        needed.step,
        needed.kind and needed.kind.value,
        FAILURE_KINDS[needed.kind] if needed.kind else None,
        needed.failure,
        needed.to_do,
        needed.nights or None,
        logs.error_log_of(needed.account),
    )


def _line(cells: Iterable[Cell]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([_told(cell) for cell in cells])
    return buffer.getvalue()


def _told(cell: Cell) -> str | int | float | None:
    if isinstance(cell, datetime):
        return cell.astimezone().isoformat(timespec="milliseconds")
    return inert(cell) if isinstance(cell, str) else cell
