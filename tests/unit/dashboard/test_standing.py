"""How long a run has worked, of one step or of several side by side."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from percenty_batch.dashboard.standing import Standing, duration_s
from percenty_batch.ledger import (
    BatchEnd,
    BatchProgress,
    Holder,
    RunPlan,
    RunProgress,
    Start,
    this_process,
)

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
US = this_process("run")
RUN = RunPlan(run_id="run", stamp="run", host="h", logs_folder="logs", site="http://s")


def batch(begun_s: float, end_s: float | None = None, worked_s: float = 0.0) -> BatchProgress:
    end = None
    if end_s is not None:
        end = BatchEnd(finished_at=NOON + timedelta(seconds=end_s), duration_s=worked_s)
    return BatchProgress(
        job_id=f"{begun_s}-{end_s}", step="1", started_at=NOON + timedelta(seconds=begun_s), end=end
    )


def worked(batches: Sequence[BatchProgress]) -> float:
    """Tell what is told 1,000 s after noon."""
    holder = Holder(owner=US, since=NOON, renewed_at=NOON, expires_at=NOON)
    start = Start(number=1, owner=US, version="1", started_at=NOON)
    return duration_s(
        Standing(
            progress=RunProgress(plan=RUN, starts=(start,), batches=tuple(batches), jobs=()),
            holder=holder,
            stop=None,
            read_at=NOON + timedelta(seconds=1000),
        )
    )


@pytest.mark.parametrize(
    ("batches", "seconds"),
    [
        ([], 0),
        ([batch(0, 100, 90)], 90),
        ([batch(0, 100, 90), batch(500, 600, 80)], 170),
        ([batch(0, 100, 90), batch(700)], 90 + 300),
        ([batch(0, 300, 300), batch(0, 400, 350)], 400),
        ([batch(0, 300, 300), batch(0)], 1000),
    ],
    ids=["none", "one", "two", "two, one open", "side by side", "side by side, one open"],
)
def test_what_is_worked_side_by_side_counts_once(
    batches: Sequence[BatchProgress], seconds: float
) -> None:
    assert worked(batches) == seconds
