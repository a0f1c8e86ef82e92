"""What is missing from the logs is told by every later report of the run, too."""

import json
from datetime import timedelta
from typing import Any

import pytest

from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.logs import RunLogs
from percenty_batch.manager import BatchManager, report_again
from percenty_batch.models import LogGap, Missing, StopReason
from percenty_batch.steps import StepContext
from tests.unit.jobs.builders import NOON
from tests.unit.manager.conftest import House, finish_all, finish_next

# It goes on, and began before any test.
GAP = LogGap(missing=Missing.DEBUG, cause="빈 공간 부족", since=NOON, until=None, count=3)
LATER = LogGap(
    missing=Missing.LINES, cause="지워짐", since=NOON + timedelta(days=1), until=None, count=1
)


def told(house: House, manager: BatchManager) -> list[list[dict[str, Any]]]:
    reports = house.folder / "logs/reports" / manager.start_time
    return [
        json.loads(path.read_text(encoding="utf-8"))["gaps"]
        for path in sorted(reports.glob("*.json"))
    ]


def test_a_report_from_the_ledger_and_a_resumption_tell_the_earlier_gaps(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(ctx: StepContext) -> StopReason:
        await finish_next(ctx)
        raise WorkError(FailureKind.DATA, "고장")

    house.work = fail
    monkeypatch.setattr(RunLogs, "gaps", (GAP,))
    manager = house.manager()
    manager.run_single_step(1, quantity=2)
    first = told(house, manager)

    report_again(house.run(manager), house.settings())

    assert told(house, manager) == first
    assert [[each["cause"] for each in gaps] for gaps in first] == [[GAP.cause]] * 2
    house.work = finish_all
    monkeypatch.setattr(RunLogs, "gaps", (LATER,))
    house.manager(house.run(manager)).resume()
    both = [[GAP.cause, LATER.cause]] * 2
    assert [[each["cause"] for each in gaps] for gaps in told(house, manager)] == both
    report_again(house.run(manager), house.settings())
    assert [[each["cause"] for each in gaps] for gaps in told(house, manager)] == both
