"""What goes along with a digest: the full list of accounts that fell short, and screenshots."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from percenty_batch.models import BatchResult, JobResult, JobStatus
from percenty_batch.notify.messages import needs_a_person, reason

_HEAD = ("계정", "단계", "상태", "사람이 확인", "사유", "요청", "완료", "실패")
_MOST_SCREENSHOTS = 3
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written_attachments(
    results: Sequence[BatchResult],
    *,
    folder: Path,
    logs_folder: Path,
    stamp: str,
    mask: Callable[[str], str] = str,
) -> tuple[Path, ...]:
    """Write the list into `folder`, and name it with the first screenshots; () on success.

    Blocking. Raises OSError.
    """
    short = [
        job for result in results for job in result.jobs if job.status is not JobStatus.SUCCEEDED
    ]
    if not short:
        return ()
    table = folder / f"failed_accounts_{stamp}.csv"
    with table.open("w", encoding="utf-8-sig", newline="") as file:  # the mark is for Excel
        writer = csv.writer(file)
        writer.writerow(_HEAD)
        writer.writerows(map(_harmless, row) for row in _rows(short, mask))
    return (table, *_screenshots(short, logs_folder))


def _rows(jobs: Sequence[JobResult], mask: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    for job in jobs:
        totals = job.totals
        yield (
            job.account,
            job.step,
            job.status.value,
            "예" if needs_a_person(job) else "",
            mask(reason(job)),
            *map(str, (totals.requested, totals.done, totals.failed)),
        )


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    line = " ".join(text.split())
    return f"'{line}" if text.startswith(_FORMULA) else line


def _screenshots(jobs: Sequence[JobResult], logs_folder: Path) -> Iterator[Path]:
    kept = (
        logs_folder / path
        for job in jobs
        for path in (*job.evidence, *(each for item in job.items for each in item.evidence))
        if path.endswith(".png")
    )
    found = (path for path in kept if path.is_file())
    for _, path in zip(range(_MOST_SCREENSHOTS), found, strict=False):
        yield path
