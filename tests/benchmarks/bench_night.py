"""Measure one night: eight steps over several accounts in one run, held beside the site's record.

    python -m tests.benchmarks.bench_night [--accounts 7] [--concurrency 4] [--steps 1,5_1,…]

The site runs in a process of its own. For each step: what its report says was done (products), what
the record says, and the mean seconds of an item.
"""

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import mean

from percenty_batch import Account, BatchManager, BatchResult, Settings
from percenty_batch.accounts import (
    AccountInputs,
    Copies,
    Edits,
    ImagesAt,
    MarketRow,
    Removal,
    ShopSuffixes,
    Task,
    TaskStep,
)
from percenty_batch.models import ItemOutcome
from percenty_batch.sandbox import Change, SandboxAccount, SandboxSite, Shape, Stock
from percenty_batch.settings import JobSettings, LogSettings, StateSettings
from tests.benchmarks.bench_scale import Peaks, say

STEPS = "1,5_1,5_2,5_3,2_1,4,3_1_1,6_1"
SHOP, MOVED_TO, EDITED_TO = "쇼핑몰T", "수동1", "검수1"
MARKET_KEYS = (
    *("store11_api", "global11_api", "auction_id", "gmarket_id"),
    *("talkstore_api", "talkstore_url", "smartstore_api"),
)
MB = 1_000_000


def samples(count: int) -> list[SandboxAccount]:
    listed = Shape(images=1, options=2, thumbnails=5)
    return [
        SandboxAccount(
            id=f"night{number:02d}@example.com",
            password=f"night-{number}!pw",
            shapes=(Shape(),) * 3,
            grouped=0,
            stock=(
                *(Stock(group=f"대기{n}", shape=listed) for n in (1, 2, 3)),
                Stock(group="신규수집", code="H16", count=4, markets=("ss",)),
                Stock(
                    group="신규수집",
                    code="A49",
                    count=2,
                    markets=("ss",),
                    shape=Shape(images=4, options=2, thumbnails=3),
                ),
                Stock(group="서버1", count=4, is_foreign=True),
                Stock(group=SHOP, count=5),
            ),
        )
        for number in range(1, count + 1)
    ]


def inputs_of(account: str) -> AccountInputs:
    def task(row: int, code: str, step: TaskStep, label: str, target: str, edits: Edits) -> Task:
        return Task(
            row=row, code=code, step=step, final_group=label, target_group=target, edits=edits
        )

    edits = Edits(
        image_delete=Removal(last=1),
        option_image_copy=Copies(count=1),
        image_translate=ImagesAt(positions=(1,)),
        html_update="<p>감사합니다</p>",
    )
    keys = dict.fromkeys(MARKET_KEYS) | {"store11_api": "key-of-11st"}
    return AccountInputs(
        place=account,
        tasks=(
            task(2, "H16", TaskStep.MOVE, "서버1", MOVED_TO, Edits()),
            task(3, "A49", TaskStep.EDIT, "서버1-1", EDITED_TO, edits),
        ),
        suffixes=(ShopSuffixes(a="가", b="나", c="다", d="라"),) * 3,
        markets=(MarketRow(row=2, account_id=account, group=SHOP, **keys),),
    )


def _serve(end: Connection, accounts: int, latency_ms: float) -> None:
    with SandboxSite(accounts=samples(accounts), latency_ms=latency_ms) as site:
        end.send(site.url)
        end.recv()
        end.send(site.record)


@contextmanager
def serving(accounts: int, latency_ms: float) -> Iterator[tuple[Connection, int]]:
    """Serve in a child process; its connection gives the address, then the record for a word."""
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs, accounts, latency_ms)
    )
    child.start()
    theirs.close()
    try:
        yield ours, child.pid or 0
    finally:
        child.join()


def work(options: argparse.Namespace, url: str, folder: Path) -> tuple[BatchResult, ...]:
    settings = Settings.model_validate(
        {
            "site": {"base_url": url},
            "jobs": JobSettings(concurrency=options.concurrency),
            "logs": LogSettings(folder=folder / "logs"),
            "state": StateSettings(folder=folder),
        }
    )
    sellers = samples(options.accounts)
    manager = BatchManager(
        settings=settings,
        accounts=[Account(id=each.id, password=each.password) for each in sellers],
        inputs={each.id: inputs_of(each.id) for each in sellers},
    )
    return manager.run_steps(options.steps.split(","))


def recorded(step: str, record: Sequence[Change]) -> int:
    """Count the products that the site itself says a step was done with."""
    moves = [change for change in record if change.what == "group"]
    match step:
        case "1":
            return sum(change.before is None for change in moves)
        case "2_1":
            return sum(change.after == MOVED_TO for change in moves)
        case "3_1_1":
            return sum(change.after == EDITED_TO for change in moves)
        case "4":
            return sum(str(change.before).startswith("서버") for change in moves)
        case "6_1":
            return sum(change.what == "markets" for change in record)
    source, last = f"대기{step[-1]}", f"쇼핑몰D{step[-1]}"  # 5_n: the fourth listing has arrived
    sources = {change.product for change in moves if change.before == source}
    return min(len(sources), sum(change.after == last for change in moves))


def row(batch: BatchResult, record: Sequence[Change]) -> str:
    items = [item for job in batch.jobs for item in job.items]
    done = sum(item.products for item in items if item.outcome is ItemOutcome.DONE)
    truth = recorded(batch.step, record)
    seconds = mean(item.duration_s for item in items) if items else 0.0
    same = "yes" if done == truth else "NO"
    return (
        f"{batch.step:8}{len(items):7}{done:10}{truth:8}{same:>6}{seconds:10.1f}  {batch.verdict}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--accounts", type=int, default=7)
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--steps", default=STEPS)
    parser.add_argument("--latency-ms", type=float, default=120.0, help="mean, per call")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(options.accounts, options.latency_ms) as (site, pid),
    ):
        url = site.recv()
        started = time.perf_counter()
        with Peaks(not_ours=pid) as peaks:
            batches = work(options, url, Path(folder))
        seconds = time.perf_counter() - started
        site.send("over")
        record = site.recv()
    say(f"{options.accounts} accounts, {options.concurrency} at once: {seconds:.0f} s")
    say("step      items  products  record  same    s/item  verdict")
    for batch in batches:
        say(row(batch, record))
    say(f"peak memory: ours {peaks.own_rss / MB:.0f} MB, browser {peaks.tree_rss / MB:.0f} MB")


if __name__ == "__main__":
    main()
