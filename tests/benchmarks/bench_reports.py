"""Measure the reports of one large night: time, peak memory and size of each.

A fresh process reads the run from a ledger on the disk and writes one report of it, so that the
peak is of that report alone; `only the run` is the reading itself, which each has to bear.

    python tests/benchmarks/bench_reports.py [--accounts 10000] [--items 20] [--nights 3]
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from percenty_batch.errors import FailureKind
from percenty_batch.ledger import (
    BatchEnd,
    BatchPlan,
    JobEnd,
    RunPlan,
    RunRecord,
    Start,
    open_ledger,
    run_results,
    this_process,
)
from percenty_batch.ledger.sql import SqlLedger
from percenty_batch.ledger.sql.database import Database
from percenty_batch.ledger.sql.rows import job_end_values, result_values
from percenty_batch.ledger.sql.schema import attempts, items, jobs
from percenty_batch.manager import read_history
from percenty_batch.models import BatchResult, Failure, ItemOutcome, ItemResult, StopReason
from percenty_batch.reports import History
from percenty_batch.reports.documents import batch_json
from percenty_batch.reports.files import write_atomically
from percenty_batch.reports.junit import junit_xml
from percenty_batch.reports.page import page_view
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.render import render_batch, render_page
from percenty_batch.reports.tables import rows_csv
from percenty_batch.reports.views import batch_view
from percenty_batch.settings import LedgerSettings

_BEGIN = datetime(2026, 1, 5, 17, 30, tzinfo=UTC)
_LAST = "20260105_023000"
_PATIENCE_S = 600.0  # a busy machine must not end a measurement
_SLOW = Failure(kind=FailureKind.TIMEOUT, message="사이트가 제한 시간 안에 응답하지 않았습니다")
_REFUSED = Failure(kind=FailureKind.WRONG_PASSWORD, message="비밀번호가 올바르지 않습니다")
_LOGS = LogPaths(
    accounts="logs/accounts/s/",
    errors="logs/errors/s/",
    reports="logs/reports/s/",
    log_of=lambda account: f"logs/accounts/s/{account}.log",
    error_log_of=lambda account: f"logs/errors/s/{account}_errors.log",
)
Rows = list[dict[str, Any]]


def failure_of(number: int) -> Failure | None:
    return {7: _SLOW, 8: _SLOW, 23: _REFUSED}.get(number % 50)


def item_of(number: int, index: int) -> ItemResult:
    has_failed = number % 50 == 40 and index % 5 == 1
    return ItemResult(
        key=f"{number:012x}{index:012x}",
        outcome=ItemOutcome.FAILED if has_failed else ItemOutcome.DONE,
        reason="메모 창의 내용이 입력 뒤에 바뀌었습니다" if has_failed else None,
        kind=FailureKind.PAGE_CHANGED if has_failed else None,
        moved_to=None if has_failed else "신규수집",
        duration_s=12.5,
    )


def rows_of(run_id: str, job_id: str, number: int, item_count: int) -> tuple[Rows, Rows, Rows]:
    """The rows of one account: its end, its attempt, its items."""
    of_job = {"run_id": run_id, "job_id": job_id, "account": f"user{number:05d}@example.com"}
    begin = _BEGIN + timedelta(seconds=number * 2.5)
    failure = failure_of(number)
    end = JobEnd(
        stop_reason=StopReason.ERROR if failure else StopReason.QUANTITY_REACHED,
        failure=failure,
        finished_at=begin + timedelta(seconds=250),
        duration_s=250.0,
        evidence=(f"evidence/s/{number}/a.png",) if failure else (),
    )
    count = 0 if failure else item_count
    worked = [
        {
            **of_job,
            **result_values(item_of(number, index)),
            "key": f"{number:012x}{index:012x}",
            "claimed_at": begin,
            "recorded_at": begin + timedelta(seconds=12.5 * (index + 1)),
        }
        for index in range(count)
    ]
    job = {**of_job, "requested": item_count, **job_end_values(end)}
    attempt = {**of_job, "number": 1, "started_at": begin, "finished_at": end.finished_at}
    return [job], [attempt], worked


async def fill(folder: Path, accounts: int, item_count: int, nights: int) -> None:
    """Write the last night and those before it, by the thousand rows."""
    async with open_ledger(LedgerSettings(), folder):
        pass
    database = Database.sqlite(folder / "ledger.sqlite3", patience_s=_PATIENCE_S)
    try:
        for back in range(nights, -1, -1):
            run_id = _LAST if not back else f"before_{back}"
            await begin(folder, run_id)
            for first in range(0, accounts, 1000):
                await database.write(
                    _insert, run_id, range(first, min(first + 1000, accounts)), item_count
                )
    finally:
        await database.close()


async def begin(folder: Path, run_id: str) -> None:
    plan = RunPlan(run_id=run_id, stamp=run_id, host="h", logs_folder=str(folder), site="s")
    start = Start(number=1, owner=this_process(run_id), version="1", started_at=_BEGIN)
    batch = BatchPlan(
        run_id=run_id,
        job_id=f"single_step_1_{run_id}",
        step="1",
        quantity=None,
        requested={},
        started_at=_BEGIN,
    )
    async with open_ledger(LedgerSettings(), folder) as ledger:
        await ledger.begin_run(plan, start)
        await ledger.begin_batches([batch])
        end = BatchEnd(finished_at=_BEGIN + timedelta(hours=8), duration_s=28800.0)
        await ledger.end_batch(run_id, batch.job_id, end)


async def _insert(
    tx: AsyncConnection, run_id: str, numbers: Iterable[int], item_count: int
) -> None:
    parts = [rows_of(run_id, f"single_step_1_{run_id}", number, item_count) for number in numbers]
    for table, column in ((jobs, 0), (attempts, 1), (items, 2)):
        rows = [row for part in parts for row in part[column]]
        if rows:
            await tx.execute(table.insert(), rows)


async def read(folder: Path) -> tuple[RunRecord, History]:
    database = Database.sqlite(folder / "ledger.sqlite3", patience_s=_PATIENCE_S)
    try:
        ledger = SqlLedger(database)
        record = await ledger.run(_LAST)
        assert record is not None
        return record, await read_history(ledger, record.plan, {"1"})
    finally:
        await database.close()


def page(results: Sequence[BatchResult], history: History) -> Iterable[str]:
    return render_page(page_view(results, stamp=_LAST, logs=_LOGS, history=history), None)


REPORTS: dict[str, Callable[[Sequence[BatchResult], History], Iterable[str]]] = {
    "only the run": lambda _results, _history: [""],
    "html": page,
    "markdown": lambda results, _history: [render_batch(batch_view(results[0], _LOGS), None)],
    "json": lambda results, _history: batch_json(results[0], _LOGS),
    "csv": lambda results, _history: rows_csv(results, {}),
    "junit": lambda results, _history: junit_xml(results),
}


def measure(folder: Path, name: str) -> dict[str, float]:
    """Make one report in this process."""
    record, history = asyncio.run(read(folder))
    began = time.perf_counter()
    results = run_results(record)
    path = folder / "report"
    write_atomically(path, REPORTS[name](results, history), should_replace=True)
    return {
        "seconds": time.perf_counter() - began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "bytes": path.stat().st_size,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--nights", type=int, default=3)
    parser.add_argument("--measure", nargs=2, metavar=("FOLDER", "REPORT"))
    args = parser.parse_args()
    if args.measure:
        sys.stdout.write(json.dumps(measure(Path(args.measure[0]), args.measure[1])))
        return
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill(Path(folder), args.accounts, args.items, args.nights))
        sys.stdout.write(
            f"{args.accounts:,} accounts x {args.items} items, {args.nights} nights before\n"
        )
        for name in REPORTS:
            command = [sys.executable, __file__, "--measure", folder, name]
            told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            sys.stdout.write(
                f"{name:>13}: {told['seconds']:6.1f} s, peak {told['peak_mb']:6.0f} MB,"
                f" {told['bytes'] / 1e6:7.2f} MB written\n"
            )


if __name__ == "__main__":
    main()
