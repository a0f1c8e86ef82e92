"""One moment of death: run, die, report, resume, compare."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from percenty_batch.sandbox import Product, SandboxAccount, SandboxSite, Shape
from tests.kill_points.law import broken_laws, overstated

_COMMAND = [sys.executable, "-m", "tests.kill_points.killed"]
_ROOT = Path(__file__).parents[2]
_LIMIT_S = 240.0
NOTHING_TO_RESUME = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When the program dies: at a write to the ledger, or so many seconds after its start."""

    kind: str  # "before" and "after" a write, or "second"
    number: float

    def __str__(self) -> str:
        return f"{self.kind} {self.number:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a moment came to. `problems` is empty when every law held."""

    has_died: bool
    problems: tuple[str, ...]


def accounts(products: Sequence[int]) -> list[SandboxAccount]:
    """Accounts with so many small products each."""
    return [
        SandboxAccount(
            id=f"kill{number:02d}@example.com",
            password=f"secret-{number}",
            shapes=(Shape(images=2, options=1),) * count,
            grouped=2,
            popups=0,
        )
        for number, count in enumerate(products, start=1)
    ]


def try_moment(moment: Moment, products: Sequence[int], folder: Path, seed: int = 1) -> Outcome:
    """Let a run die at the moment and resume it."""
    given = accounts(products)
    with SandboxSite(accounts=given, seed=seed, latency_ms=5.0) as site:
        planned = {a.id: _ungrouped(site.products(a.id)) for a in given}
        options = _options(given, site.url, folder)
        code = _run(["run", "--step", "1", *options], moment, folder)
        has_died = code == -signal.SIGKILL
        problems = []
        if has_died:
            problems += _report_of_the_dead(options, folder, site)
            code = _run(["resume", *options], None, folder)
            if code == NOTHING_TO_RESUME:  # it died before it had written what it was to do
                code = _run(["run", "--step", "1", *options], None, folder)
        if code != 0:
            problems.append(f"exit code {code}")
        problems += broken_laws(_report(folder), site.record, planned)
    return Outcome(has_died=has_died, problems=tuple(problems))


def _report_of_the_dead(options: Sequence[str], folder: Path, site: SandboxSite) -> list[str]:
    code = _run(["report", *options[:2]], None, folder)
    if code == NOTHING_TO_RESUME:
        return []
    return [f"report of the dead: {each}" for each in overstated(_report(folder), site.record)]


def _ungrouped(products: Sequence[Product]) -> tuple[Product, ...]:
    return tuple(product for product in products if product.group is None)


def _options(given: Sequence[SandboxAccount], url: str, folder: Path) -> list[str]:
    file = folder / "accounts.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([("id", "password"), *((a.id, a.password) for a in given)])
    most = max(len(account.shapes) for account in given)
    logs = str(folder / "logs")
    figures = ["--quantity", str(most), "--concurrency", str(len(given))]
    return ["--logs-dir", logs, "--accounts", str(file), "--base-url", url, *figures]


def _run(args: Sequence[str], moment: Moment | None, folder: Path) -> int:
    """Run the command, and kill it at the moment."""
    at_write = moment is not None and moment.kind != "second"
    when = [moment.kind, f"{moment.number:g}"] if moment and at_write else ["after", "0"]
    limit_s = _LIMIT_S if moment is None or at_write else moment.number
    with (folder / "output.txt").open("ab") as output:
        process = subprocess.Popen(
            [*_COMMAND, *when, *args],
            cwd=_ROOT,
            env={**os.environ, "PERCENTY_STATE__FOLDER": str(folder / "state")},
            stdout=output,
            stderr=output,
        )
        try:
            return process.wait(limit_s)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def _report(folder: Path) -> dict[str, Any]:
    files = sorted((folder / "logs" / "reports").glob("*/batch_report_*.json"))
    document: dict[str, Any] = json.loads(files[-1].read_text(encoding="utf-8"))
    return document
