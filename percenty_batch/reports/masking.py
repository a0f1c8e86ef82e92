"""Take secrets out of a result before anything is rendered.

Masking the values, not the finished file: an escaped secret (`p\\*w`) would be missed there,
and a short one (`done`) would break the JSON twin.
"""

from collections.abc import Callable
from dataclasses import replace

from percenty_batch.models import BatchResult, Failure, ItemResult, JobResult

Mask = Callable[[str], str]


def masked(result: BatchResult, mask: Mask) -> BatchResult:
    """Return the result with every text that came from a page masked; account ids stay."""
    jobs = tuple(_masked_job(job, mask) for job in result.jobs)
    return replace(result, jobs=jobs, halted=_maybe(mask, result.halted))


def _masked_job(job: JobResult, mask: Mask) -> JobResult:
    failure = job.failure
    return replace(
        job,
        failure=failure and Failure(kind=failure.kind, message=mask(failure.message)),
        items=tuple(_masked_item(item, mask) for item in job.items),
    )


def _masked_item(item: ItemResult, mask: Mask) -> ItemResult:
    return replace(
        item,
        key=mask(item.key),
        reason=_maybe(mask, item.reason),
        moved_to=_maybe(mask, item.moved_to),
    )


def _maybe(mask: Mask, text: str | None) -> str | None:
    return None if text is None else mask(text)
