"""Measure what thousands of accounts leave behind in our process: memory, open files, time.

The manager, engine, jobs, SQLite ledger, logs and reports are the real ones; the step does
nothing. Three parts, each with its own logs folder, and all under the given `ulimit -n`:

1. `--accounts` short accounts without a browser, `--concurrency` at once. The slope is that of
   a line through the second half of the samples (one every 20 accounts). With `--browser real`
   it is `--sessions` accounts in real contexts instead, and the driver's and browser's memory too.
2. `--interleaved` accounts that are all in the midst of their work at the same time and write
   `--lines` lines each, through three kinds of loggers; then every line of every file is looked at.
3. `--accounts` accounts, all but a few of them still waiting, when a stop is asked for.

    python tests/benchmarks/bench_endurance.py [--accounts 5000] [--profile endurance.prof]
    python tests/benchmarks/bench_endurance.py --browser real [--sessions 60]
"""

import argparse
import asyncio
import cProfile
import gc
import logging
import re
import resource
import signal
import sys
import tempfile
import time
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from statistics import linear_regression
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

import psutil
import structlog
from playwright.async_api import StorageState
from structlog.typing import FilteringBoundLogger

from percenty_batch import Account, BatchManager, BatchResult, Settings
from percenty_batch.browser import BrowserChoice, Launcher, Session
from percenty_batch.jobs import attempt as attempt_module
from percenty_batch.manager import round_work
from percenty_batch.models import StopReason
from percenty_batch.percenty import PercentySite
from percenty_batch.sandbox import SandboxSite
from percenty_batch.steps import STEPS, StepContext

KB = 1024
_SAMPLE_EVERY = 20  # accounts
_PATIENCE_S = 300.0
_FILES = Path("/proc/self/fd")

Step = Callable[[StepContext], Awaitable[StopReason]]


class NoPage:
    """What a session that nobody looks at needs."""

    url = "about:blank"
    tracing = None

    def on(self, _event: str, _handler: object) -> None:
        return


class NoBrowser(Launcher):
    """Opens nothing: what is left of an account is our own part."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return

    @property
    def choice(self) -> BrowserChoice:
        return BrowserChoice(name="none", path=Path("none"))

    @property
    def version(self) -> str:
        return "0"

    async def check_site(self, base_url: str, timeout_s: float) -> None:
        del base_url, timeout_s

    @asynccontextmanager
    async def session(
        self,
        account_id: str,
        log: FilteringBoundLogger,
        storage_state: StorageState | None = None,
        *,
        action_timeout_s: float = 20.0,
        is_isolated: bool = False,
    ) -> AsyncIterator[Session]:
        del storage_state, action_timeout_s, is_isolated
        page: Any = NoPage()
        yield Session(
            account_id=account_id, page=page, context=page, _log=log, _crash=asyncio.Event()
        )
        await asyncio.sleep(0)


class NoSignIn(PercentySite):
    """Every account is signed in already."""

    async def sign_in(self, account: Account) -> bool:
        del account
        return False


@dataclass(slots=True)
class Samples:
    """What was seen at the end of accounts: how many had ended by then, and what was held then.

    `ours` and `browsers` are resident KB; `blocks` are Python's own, which show a leak even where
    the memory of something earlier is used again.
    """

    ended: int = 0
    most_files: int = 0
    counts: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    blocks: list[float] = field(default_factory=list)
    browsers: list[float] = field(default_factory=list)

    def take(self, *, has_browser: bool) -> None:
        self.ended += 1
        self.most_files = max(self.most_files, sum(1 for _ in _FILES.iterdir()))
        if self.ended % _SAMPLE_EVERY and not has_browser:
            return
        process = psutil.Process()
        self.counts.append(self.ended)
        self.ours.append(process.memory_info().rss / KB)
        self.blocks.append(sys.getallocatedblocks())
        if has_browser:
            self.browsers.append(sum(map(_rss_kb, process.children(recursive=True))))

    def slope(self, values: list[float]) -> float:
        half = len(values) // 2
        return linear_regression(self.counts[half:], values[half:]).slope


def _rss_kb(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss / KB
    except psutil.NoSuchProcess:
        return 0.0


def accounts(count: int) -> list[Account]:
    return [
        Account(id=f"user{number:05d}@example.com", password=password(number))
        for number in range(count)
    ]


def password(number: int) -> str:
    """Passwords that have nothing in common: such are the dearest to look for."""
    return b64encode(sha256(str(number).encode()).digest())[:12].decode() + "!<"


def settings(folder: Path, url: str, concurrency: int) -> Settings:
    return Settings.model_validate(
        {
            "site": {"base_url": url},
            "jobs": {"concurrency": concurrency},
            "logs": {"folder": folder / "logs", "min_free_mb": 0},
            "state": {"folder": folder / "state"},
        }
    )


def work(
    options: argparse.Namespace,
    count: int,
    concurrency: int,
    step: Callable[[BatchManager], Step],
    look: Callable[[Path, BatchManager, BatchResult, float], None],
) -> None:
    """Run one batch in a folder of its own, then let `look` tell of it."""
    is_real = options.browser == "real"
    with (
        SandboxSite(accounts=[]) if is_real else nullcontext() as site,
        tempfile.TemporaryDirectory() as name,
    ):
        folder = Path(name)
        url = site.url if site else "http://127.0.0.1:1"

        async def run(ctx: StepContext) -> StopReason:
            return await run_by_manager(ctx)

        STEPS["1"] = replace(STEPS["1"], run=run)  # a manager takes the steps as they are
        manager = BatchManager(
            settings=settings(folder, url, concurrency), accounts=accounts(count)
        )
        run_by_manager = step(manager)
        started = time.perf_counter()
        result = manager.run_single_step(step=1, quantity=1)
        look(folder, manager, result, time.perf_counter() - started)


def many(options: argparse.Namespace) -> None:
    has_browser = options.browser == "real"
    count = options.sessions if has_browser else options.accounts
    seen = Samples()

    def step(_manager: BatchManager) -> Step:
        async def nothing(_ctx: StepContext) -> StopReason:
            seen.take(has_browser=has_browser)
            return StopReason.SOURCE_EMPTY

        return nothing

    def look(folder: Path, _manager: BatchManager, result: BatchResult, took_s: float) -> None:
        expect(seen.ended == count and result.verdict == "success", f"{seen.ended} of {count}")
        ledger = (folder / "logs" / "ledger.sqlite3").stat().st_size
        say(
            f"1. {count:,} accounts, {options.concurrency} at once: {took_s:.1f} s,"
            f" {took_s / count * 1000:.1f} ms each; batch {result.duration_s:.1f} s;"
            f" most open files {seen.most_files} of {options.files};"
            f" memory {seen.ours[0] / KB:.0f} to {seen.ours[-1] / KB:.0f} MB,"
            f" {seen.slope(seen.ours):.2f} KB and {seen.slope(seen.blocks):.1f} blocks per account;"
            f" ledger {ledger / KB / KB:.1f} MB"
        )
        if has_browser:
            say(f"   driver and browser: {seen.slope(seen.browsers):.0f} KB per context")

    work(options, count, options.concurrency, step, look)


def interleaved(options: argparse.Namespace) -> None:
    count = options.interleaved

    def step(_manager: BatchManager) -> Step:
        all_in = asyncio.Event()
        waiting: set[str] = set()

        async def chat(ctx: StepContext) -> StopReason:
            waiting.add(ctx.account.id)
            if len(waiting) == count:
                all_in.set()
            async with asyncio.timeout(_PATIENCE_S):
                await all_in.wait()
            writers = (ctx.log.info, structlog.get_logger().warning, logging.getLogger("x").error)
            for number in range(options.lines):
                writers[number % len(writers)](f"<{ctx.account.id} {number}>")
                await asyncio.sleep(0)
            return StopReason.SOURCE_EMPTY

        return chat

    def look(folder: Path, manager: BatchManager, result: BatchResult, took_s: float) -> None:
        expect(result.verdict == "success", str(result.verdict))
        looked, found, wrong = check_lines(folder / "logs", manager.start_time, options.lines)
        wanted = Counter(
            {f"{each.id} {n}": 2 for each in accounts(count) for n in range(options.lines)}
        )
        lost = (wanted - found).total()
        double = (found - wanted).total()
        say(
            f"2. {count:,} accounts interleaved, {options.lines} lines each: {took_s:.1f} s;"
            f" {looked:,} lines in {2 * count + 1:,} files:"
            f" {wrong} in a wrong file, {lost} lost, {double} double"
        )
        expect(wrong == lost == double == 0, "see above")

    work(options, count, count, step, look)


def check_lines(logs: Path, stamp: str, lines: int) -> tuple[int, Counter[str], int]:
    """Give the number of lines, how often each line is in a log, and how many are misplaced."""
    looked = wrong = 0
    found: Counter[str] = Counter()
    for owner, is_error_log, line in all_lines(logs, stamp):
        looked += 1
        shown = re.search(r" - \[([^\]]+)\] ", line)
        told = re.search(r"<(\S+) (\d+)>", line)
        whose = {match[1] for match in (shown, told) if match}
        is_wrong = len(whose) > 1 or (owner is not None and whose != {owner})
        if is_error_log:
            is_wrong |= told is None or int(told[2]) % 3 != 2
        elif told:
            found[f"{told[1]} {told[2]}"] += 1
        wrong += is_wrong
    return looked, found, wrong


def all_lines(logs: Path, stamp: str) -> Iterator[tuple[str | None, bool, str]]:
    """Yield whose file it is (None: the batch log), whether it is of errors, and the line."""
    for path in logs.rglob("*.log"):
        is_error_log = path.name.endswith("_errors.log")
        is_batch = path.name == f"batch_processor_{stamp}.log"
        stem = path.name.removesuffix("_errors.log").removesuffix(".log")
        for line in path.read_text(encoding="utf-8").splitlines():
            yield None if is_batch else stem, is_error_log, line


def stopped(options: argparse.Namespace) -> None:
    asked_at = 0.0

    def step(manager: BatchManager) -> Step:
        async def stop(_ctx: StepContext) -> StopReason:
            nonlocal asked_at
            if not asked_at:
                asked_at = time.perf_counter()
                manager.stop(signal.SIGTERM)
            return StopReason.SOURCE_EMPTY

        return stop

    def look(_folder: Path, _manager: BatchManager, result: BatchResult, _took_s: float) -> None:
        left = sum(not job.attempts for job in result.jobs)
        say(
            f"3. a stop with {left:,} accounts waiting: {time.perf_counter() - asked_at:.1f} s"
            " to the end of the program's work, reports written"
        )

    work(options, options.accounts, options.concurrency, step, look)


def expect(holds: bool, text: str) -> None:
    if not holds:
        raise SystemExit(f"not as expected: {text}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "many": many,
    "interleaved": interleaved,
    "stopped": stopped,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=5000)
    parser.add_argument("--interleaved", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=30, help="per interleaved account")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--files", type=int, default=256, help="ulimit -n")
    parser.add_argument("--browser", choices=("none", "real"), default="none")
    parser.add_argument("--sessions", type=int, default=60, help="with a real browser")
    parser.add_argument("--profile", type=Path, help="a file for pstats; slows everything down")
    parser.add_argument("--part", choices=tuple(PARTS), action="append")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (options.files, options.files))
    has_browser = options.browser == "real"
    parts = ["many"] if has_browser else options.part or list(PARTS)
    with ExitStack() as stack:
        stack.enter_context(patch.object(attempt_module, "PercentySite", NoSignIn))
        if not has_browser:
            stack.enter_context(patch.object(round_work, "Launcher", NoBrowser))
        profile = stack.enter_context(cProfile.Profile()) if options.profile else None
        for part in parts:
            gc.collect()
            PARTS[part](options)
    if profile:
        profile.dump_stats(options.profile)


if __name__ == "__main__":
    main()
