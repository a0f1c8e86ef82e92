"""What a report must know of lines that are missing from the logs."""

from collections.abc import Iterable

from percenty_batch.models import BatchResult, LogGap


def gaps_of(result: BatchResult, gaps: Iterable[LogGap]) -> tuple[LogGap, ...]:
    """Choose the gaps that touch the time of this batch."""
    return tuple(
        gap
        for gap in gaps
        if gap.since <= result.finished_at and (not gap.until or gap.until >= result.started_at)
    )
