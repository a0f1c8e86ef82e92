"""Measure what our orchestration costs: the same clicks by a bare Playwright script, and by us.

Both sides click with the same page objects and the same actions of step 1, over the same accounts
of a fresh sandbox, in the same browser with the same flags. The bare script is what one would
write by hand: gather, a semaphore, one context per account; no logs, no reports, no ledger of
outcomes, no retries. The sides alternate within one run and change places in every round, so
that a busy machine is busy for both.

    python tests/benchmarks/bench_orchestrator.py [--accounts 4] [--products 5] [--rounds 5]
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import cast

import structlog
from playwright.async_api import Browser, async_playwright
from structlog.typing import FilteringBoundLogger

from percenty_batch import Account, BatchManager, Settings
from percenty_batch.accounts import no_inputs
from percenty_batch.browser import Launcher, Session, find_browser
from percenty_batch.browser.chromium import CHROMIUM_FLAGS
from percenty_batch.browser.handlers import block_hosts
from percenty_batch.browser.session import hasten_motions
from percenty_batch.jobs.evidence import JobEvidence
from percenty_batch.ledger import (
    BatchPlan,
    JobRef,
    Lease,
    MemoryLedger,
    RunPlan,
    Start,
    this_process,
)
from percenty_batch.percenty import PercentySite
from percenty_batch.sandbox import SandboxAccount, SandboxSite, Shape
from percenty_batch.settings import BrowserSettings, JobSettings, LogSettings, StateSettings
from percenty_batch.steps import ItemBook, StepContext, Ungrouped
from percenty_batch.steps.initial_edit import edit

_SILENT = structlog.make_filtering_bound_logger("critical")
LOG = cast("FilteringBoundLogger", structlog.wrap_logger(None, wrapper_class=_SILENT))

Side = Callable[[Settings, Sequence[Account], int], int]
"""Works so many products of each account and returns how many were done in all."""


def ours(settings: Settings, accounts: Sequence[Account], products: int) -> int:
    manager = BatchManager(settings=settings, accounts=accounts)
    return manager.run_single_step(step=1, quantity=products).totals.done


def bare(settings: Settings, accounts: Sequence[Account], products: int) -> int:
    return asyncio.run(_bare(settings, accounts, products))


async def _bare(settings: Settings, accounts: Sequence[Account], products: int) -> int:
    slots = asyncio.Semaphore(settings.jobs.concurrency or 1)
    async with async_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        browser = await playwright.chromium.launch(
            executable_path=find_browser(settings.browser, own).path,
            chromium_sandbox=settings.browser.sandbox == "on",
            args=CHROMIUM_FLAGS,
        )

        async def work(account: Account) -> int:
            async with slots:
                return await _work(browser, settings, account, products)

        done = sum(await asyncio.gather(*map(work, accounts)))
        await browser.close()
    return done


async def _work(browser: Browser, settings: Settings, account: Account, products: int) -> int:
    context = await browser.new_context(
        locale="ko-KR",
        timezone_id="Asia/Seoul",
        viewport={"width": 1920, "height": 1080},
        service_workers="block",
    )
    await block_hosts(context, LOG, settings.browser.blocked_hosts)
    page = await context.new_page()
    await hasten_motions(page)
    session = Session(
        account_id=account.id,
        page=page,
        context=context,
        _log=LOG,
        _crash=asyncio.Event(),
    )
    site = PercentySite(session, settings.site)
    await site.sign_in(account)
    shown = await site.products.open(is_grouped=False)
    ctx = await _context(settings, account, site, products)
    for _ in range(products):
        shown = (await edit(ctx, shown.rows[0], shown)).page
    await context.close()
    return products


async def _context(
    settings: Settings, account: Account, site: PercentySite, products: int
) -> StepContext:
    """What the edits need, kept in memory only."""
    ledger = MemoryLedger()
    lease = await ledger.acquire(account.id, this_process("bare"), 3600.0)
    assert isinstance(lease, Lease)
    job = JobRef(run_id="bare", job_id="bare", step="1", account=account.id, lease=lease)
    plan = RunPlan(run_id="bare", stamp="bare", host="bare", logs_folder="bare", site="bare")
    now = datetime.now(UTC)
    start = Start(number=1, owner=lease.owner, version="0", started_at=now)
    await ledger.begin_run(plan, start)
    await ledger.begin_batches(
        [
            BatchPlan(
                run_id="bare",
                job_id="bare",
                step="1",
                quantity=products,
                requested={account.id: products},
                started_at=now,
            )
        ]
    )
    return StepContext(
        account=account,
        inputs=no_inputs(account.id),
        site=site,
        log=LOG,
        book=ItemBook(products, ledger, job, on_item=lambda _index, _item: None),
        ledger=ledger,
        job=job,
        should_stop=asyncio.Event(),
        limits=settings.jobs,
        rules=settings.steps,
        evidence=JobEvidence(),
        source=Ungrouped(site),
    )


SIDES: dict[str, Side] = {"bare": bare, "ours": ours}


def measure(side: str, options: argparse.Namespace, sandbox: str) -> float:
    """Run one side over a fresh site and return its seconds, from nothing to nothing open."""
    samples = [
        SandboxAccount(
            id=f"user{number}@example.com",
            password=f"bench-{number}!pw",
            shapes=(Shape(),) * options.products,
        )
        for number in range(1, options.accounts + 1)
    ]
    accounts = [Account(id=each.id, password=each.password) for each in samples]
    with (
        SandboxSite(accounts=samples, latency_ms=options.latency_ms) as site,
        tempfile.TemporaryDirectory() as folder,
    ):
        settings = Settings.model_validate(
            {
                "site": {"base_url": site.url},
                "browser": BrowserSettings.model_validate({"sandbox": sandbox}),
                "jobs": JobSettings(concurrency=options.concurrency),
                "logs": LogSettings(folder=Path(folder) / "logs"),
                "state": StateSettings(folder=Path(folder), should_keep_sign_ins=False),
            }
        )
        started = time.perf_counter()
        done = SIDES[side](settings, accounts, options.products)
        seconds = time.perf_counter() - started
        moved = sum(change.what == "group" for change in site.record)
    expected = options.accounts * options.products
    if not done == moved == expected:
        raise SystemExit(f"{side}: {done} done, {moved} moved, {expected} expected")
    return seconds


async def _sandbox_setting() -> str:
    """Ask once whether Chromium's own sandbox can be on here, so that nobody tries in vain."""
    async with Launcher(BrowserSettings(), LOG) as launcher:
        return "on" if launcher.is_sandboxed else "off"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=4)
    parser.add_argument("--products", type=int, default=5, help="per account")
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--latency-ms", type=float, default=120.0, help="mean, per call")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    sandbox = asyncio.run(_sandbox_setting())
    ratios = []
    for number in range(1, options.rounds + 1):
        order = list(SIDES) if number % 2 else list(reversed(SIDES))
        took = {side: measure(side, options, sandbox) for side in order}
        ratios.append(took["ours"] / took["bare"])
        say(
            f"round {number}: bare {took['bare']:6.2f} s  ours {took['ours']:6.2f} s"
            f"  {ratios[-1]:.3f}"
        )
    say(
        f"{options.accounts} accounts x {options.products} products, {options.concurrency} at once:"
        f" median ratio {median(ratios):.3f} (goal 1.03), {min(ratios):.3f} to {max(ratios):.3f}"
    )


if __name__ == "__main__":
    main()
