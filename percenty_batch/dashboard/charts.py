"""Small pictures as plain rectangles in a plot of 1000 × 100, as the reports have them. Pure."""

from collections.abc import Sequence

from percenty_batch.dashboard.standing import RunOutline
from percenty_batch.dashboard.texts import STATES
from percenty_batch.models import JobStatus
from percenty_batch.reports import Bar, bar

_WIDTH, _HEIGHT = 1000, 100
_STACK = (JobStatus.SUCCEEDED, JobStatus.PARTIAL, JobStatus.FAILED, JobStatus.CANCELLED)


def trend(outlines: Sequence[RunOutline]) -> tuple[Bar, ...]:
    """Draw a column for each run that has ended, the oldest first: its accounts by outcome."""
    ended = [each for each in outlines if each.verdict is not None][::-1]
    most = max((each.jobs for each in ended), default=0) or 1
    width = min(_WIDTH / max(len(ended), 1), 60.0)
    bars: list[Bar] = []
    for place, each in enumerate(ended):
        top = float(_HEIGHT)
        for status in _STACK:
            if count := each.statuses.get(status, 0):
                height = _HEIGHT * count / most
                top -= height
                label = f"{each.stamp}: {STATES[status]} {count:,}개 (모두 {each.jobs:,}개)"
                bars.append(bar(place * width, top, width * 0.8, height, status.value, label))
    return tuple(bars)
