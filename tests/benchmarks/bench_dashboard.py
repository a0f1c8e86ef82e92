"""Measure the dashboard's run page of one large run that goes on: first paint, and one update.

The dashboard is a process of its own over a ledger on the disk; the page is opened in Chromium. An
update is the time from an item's commit in the ledger until the page shows it, and includes the
pause between two looks.

    python tests/benchmarks/bench_dashboard.py [--accounts 10000] [--items 20] [--updates 5]
"""

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from playwright.async_api import Page, async_playwright

from percenty_batch.ledger import (
    BatchPlan,
    JobRef,
    Lease,
    Ledger,
    RunPlan,
    Start,
    open_ledger,
    this_process,
)
from percenty_batch.ledger.records import JobEnd
from percenty_batch.ledger.sql.database import Database
from percenty_batch.ledger.sql.rows import job_end_values, result_values
from percenty_batch.ledger.sql.schema import attempts, items, jobs
from percenty_batch.models import ItemOutcome, ItemResult, StopReason
from percenty_batch.settings import LedgerSettings

_RUN = "20260105_023000"
_JOB = f"single_step_1_{_RUN}"
_TOKEN = "the-token-of-the-measurement"
_BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
_PATIENCE_S = 600.0
_PAINT = """() => new Promise(done => new PerformanceObserver(
    list => list.getEntries().forEach(each =>
        each.name === 'first-contentful-paint' && done(each.startTime))
).observe({type: 'paint', buffered: true}))"""
_SHOWN = """text => new Promise(done => {
    const cell = document.querySelector('[data-row="0"] [data-cell=done]');
    const look = () => cell.innerText === text && done();
    new MutationObserver(look).observe(cell, {childList: true, characterData: true});
    look();
})"""


def account(number: int) -> str:
    return f"user{number:05d}@example.com"


def item(number: int, index: int) -> ItemResult:
    key = f"{number:012x}{index:012x}"
    return ItemResult(key=key, outcome=ItemOutcome.DONE, duration_s=12.5, moved_to="신규수집")


async def fill(folder: Path, accounts: int, item_count: int) -> None:
    """Write a run whose first half has ended and whose second half waits; one account works."""
    begin = datetime.now(UTC) - timedelta(minutes=30)
    plan = RunPlan(run_id=_RUN, stamp=_RUN, host="h", logs_folder=str(folder), site="s")
    start = Start(number=1, owner=this_process(_RUN), version="1", started_at=begin)
    requested = dict.fromkeys(map(account, range(accounts)), item_count)
    batch = BatchPlan(
        run_id=_RUN, job_id=_JOB, step="1", quantity=None, requested=requested, started_at=begin
    )
    async with open_ledger(LedgerSettings(), folder) as ledger:
        await ledger.begin_run(plan, start)
        await ledger.begin_batches([batch])
    database = Database.sqlite(folder / "ledger.sqlite3", patience_s=_PATIENCE_S)
    try:
        for first in range(1, accounts // 2, 1000):
            numbers = range(first, min(first + 1000, accounts // 2))
            await database.write(_insert, numbers, item_count, begin)
    finally:
        await database.close()


async def _insert(tx: Any, numbers: range, item_count: int, begin: datetime) -> None:  # noqa: ANN401
    end = JobEnd(
        stop_reason=StopReason.QUANTITY_REACHED,
        failure=None,
        finished_at=begin + timedelta(minutes=5),
        duration_s=250.0,
    )
    for number in numbers:
        of_job = {"run_id": _RUN, "job_id": _JOB, "account": account(number)}
        rows = [
            {
                **of_job,
                **result_values(item(number, index)),
                "key": item(number, index).key,
                "claimed_at": begin,
                "recorded_at": begin + timedelta(seconds=12.5 * (index + 1)),
            }
            for index in range(item_count)
        ]
        attempt = {**of_job, "number": 1, "started_at": begin, "finished_at": end.finished_at}
        await tx.execute(jobs.update().filter_by(**of_job).values(job_end_values(end)))
        await tx.execute(attempts.insert(), [attempt])
        await tx.execute(items.insert(), rows)


async def begin_work(ledger: Ledger) -> JobRef:
    """Be the one who works at the run, and at its first account."""
    run, lease = [
        await ledger.acquire(resource, this_process(_RUN), 3600.0)
        for resource in (f"run:{_RUN}", f"account:{account(0)}")
    ]
    assert isinstance(run, Lease)
    assert isinstance(lease, Lease)
    job = JobRef(run_id=_RUN, job_id=_JOB, step="1", account=account(0), lease=lease)
    await ledger.begin_attempt(job, 1, datetime.now(UTC))
    return job


@contextmanager
def dashboard(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PERCENTY_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "percenty_batch", "dashboard", "--port", "0", "--logs-dir", folder],
        env={**kept, "PERCENTY_DASHBOARD__TOKEN": _TOKEN, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[1].rstrip("/"), psutil.Process(process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=60)


async def paint(page: Page, url: str) -> str:
    """Open the run's page, and tell its first paint and size."""
    answer = await page.goto(f"{url}/runs/{_RUN}")
    assert answer is not None
    seconds = await page.evaluate(_PAINT) / 1000
    return f"first paint {seconds:.2f} s, {len(await answer.body()) / 1e6:.2f} MB"


async def update(page: Page, ledger: Ledger, job: JobRef, index: int) -> float:
    """Record an item, and wait until the page shows it; in seconds."""
    began = time.perf_counter()
    await ledger.record_item(job, item(0, index), datetime.now(UTC))
    await page.evaluate(_SHOWN, str(index + 1))
    return time.perf_counter() - began


async def measure(folder: Path, updates: int) -> list[str]:
    browser_path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    async with (
        open_ledger(LedgerSettings(), folder) as ledger,
        async_playwright() as playwright,
    ):
        job = await begin_work(ledger)
        browser = await playwright.chromium.launch(
            executable_path=browser_path, chromium_sandbox=False
        )
        with dashboard(folder) as (url, process):
            page = await browser.new_page()
            await page.goto(f"{url}/sign-in?next=/settings#token={_TOKEN}")
            await page.wait_for_url(f"{url}/settings")
            told = [f"cold: {await paint(page, url)}", f"warm: {await paint(page, url)}"]
            took = [await update(page, ledger, job, index) for index in range(updates)]
            used_mb = process.memory_info().rss / 1e6
        await browser.close()
    told.append(f"update: median {statistics.median(took):.2f} s, longest {max(took):.2f} s")
    return [*told, f"memory of the dashboard: {used_mb:.0f} MB"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--updates", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill(Path(folder), args.accounts, args.items))
        sys.stdout.write(f"{args.accounts:,} accounts x {args.items} items, half of them done\n")
        for line in asyncio.run(measure(Path(folder), args.updates)):
            sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
