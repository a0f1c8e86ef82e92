"""A run that is killed, then reported, then resumed, all with the installed command."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from percenty_batch.sandbox import SandboxAccount, SandboxSite, Shape, write_accounts_csv

COMMAND = Path(sys.executable).with_name("percenty-batch")
TIMEOUT_S = 240
PRODUCTS = {"first": 1, "second": 2}
ACCOUNTS = tuple(
    SandboxAccount(
        id=f"{name}@example.com",
        password=f"Canary-{name}-7",
        shapes=(Shape(),) * count,
        grouped=2,
        popups=0,
    )
    for name, count in PRODUCTS.items()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One ended command, and the batch's report as it stood then."""

    code: int
    stdout: str
    stderr: str
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What became of the run that was killed. `moved_before` were moved when it was killed."""

    site: SandboxSite
    folder: Path
    moved_before: int
    reported: Ended
    resumed: Ended


def start(folder: Path, *args: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PERCENTY_")}
    return subprocess.Popen(
        [str(COMMAND), *args],
        cwd=folder,
        env={**kept, "PERCENTY_STATE__FOLDER": str(folder / "state")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def ended(folder: Path, *args: str) -> Ended:
    process = start(folder, *args)
    stdout, stderr = process.communicate(timeout=TIMEOUT_S)
    (path,) = (folder / "logs/reports").glob("*/batch_report_*.json")
    return Ended(
        code=process.returncode,
        stdout=stdout,
        stderr=stderr,
        report=json.loads(path.read_text(encoding="utf-8")),
    )


def moves(site: SandboxSite) -> list[tuple[str, str | None]]:
    """Every move to a group: the product, and where to."""
    return [
        (change.product, None if change.after is None else str(change.after))
        for change in site.record
        if change.what == "group" and change.product is not None
    ]


def killed_in_the_middle(site: SandboxSite, folder: Path, *args: str) -> int:
    """Kill the run when a product was moved and not all were; returns how many were."""
    process = start(folder, *args)
    while process.poll() is None and not moves(site):
        try:
            process.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate(timeout=TIMEOUT_S)
    _, alive = psutil.wait_procs(family, timeout=10)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []
    return len(moves(site))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    folder = tmp_path_factory.mktemp("night")
    write_accounts_csv(folder / "accounts.csv", ACCOUNTS)
    with SandboxSite(accounts=ACCOUNTS) as site:
        common = ("--accounts", "accounts.csv", "--base-url", site.url)
        count = killed_in_the_middle(site, folder, "run", "--step", "1", "--quantity", "2", *common)
        yield Night(
            site=site,
            folder=folder,
            moved_before=count,
            reported=ended(folder, "report"),
            resumed=ended(folder, "resume", *common),
        )


def test_the_report_of_a_killed_run_says_so_and_adds_up(night: Night) -> None:
    report, totals = night.reported.report, night.reported.report["totals"]

    assert 0 < night.moved_before < sum(PRODUCTS.values())
    assert night.reported.code == 1, night.reported.stderr
    assert "⚠️ 프로그램이 도중에 종료되었습니다" in night.reported.stdout
    assert report["is_cut_off"]
    assert totals["requested"] == 4
    assert totals["requested"] == sum(
        totals[name] for name in ("done", "failed", "skipped", "unknown", "not_attempted")
    )
    assert totals["done"] <= night.moved_before <= totals["done"] + totals["unknown"]


def test_a_resumed_run_does_the_rest_and_every_product_is_moved_exactly_once(
    night: Night,
) -> None:
    moved = moves(night.site)

    assert night.resumed.code == 0, night.resumed.stdout + night.resumed.stderr
    assert night.resumed.stdout.startswith("✅ 성공: 계정 2개 중 2개 성공, 처리 3개, 실패 0개")
    assert set(Counter(product for product, _ in moved).values()) == {1}
    assert len(moved) == sum(PRODUCTS.values())


def test_the_resumed_report_is_the_sites_record(night: Night) -> None:
    report = night.resumed.report
    told = {
        item["key"]: item["moved_to"]
        for account in report["accounts"]
        for item in account["items"]
        if item["outcome"] == "done"
    }

    assert told == dict(moves(night.site))
    assert (report["verdict"], report["is_cut_off"], report["resumptions"]) == (
        "success",
        False,
        1,
    )
    assert report["totals"]["done"] == len(told)


def test_no_field_of_a_product_was_edited_a_second_time(night: Night) -> None:
    edits = Counter(
        (change.product, change.what, change.after)
        for change in night.site.record
        if change.product is not None
    )

    assert {edit: count for edit, count in edits.items() if count > 1} == {}


def test_no_password_is_in_the_ledger_or_anywhere_else(night: Night) -> None:
    for path in (night.folder / "logs").rglob("*"):
        if path.is_file():
            assert b"Canary" not in path.read_bytes(), path
