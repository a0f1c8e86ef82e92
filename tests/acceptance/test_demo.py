"""`percenty-batch demo`, as a newcomer runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from percenty_batch.sandbox import demo_accounts

COMMAND = Path(sys.executable).with_name("percenty-batch")
TIMEOUT_S = 400


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PERCENTY_")}
    return subprocess.run(
        [str(COMMAND), "demo", "--concurrency", "6"],
        cwd=folder,
        env={**kept, "PERCENTY_JOBS__STALE_LIST_TIMEOUT_S": "8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )


def test_it_ends_with_0_although_accounts_fail_as_planned(
    demo: subprocess.CompletedProcess[str],
) -> None:
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert demo.stdout.startswith("⚠️ 부분 성공: 계정 12개 중 5개 성공")


def test_it_compares_every_account_with_the_record_and_all_are_equal(
    demo: subprocess.CompletedProcess[str],
) -> None:
    rows = {
        account.id: line
        for account in demo_accounts()
        for line in demo.stdout.splitlines()
        if line.strip().startswith(account.id)
    }

    assert len(rows) == 12
    for account in demo_accounts():
        cells = rows[account.id].split()
        assert account.expected is not None
        assert cells[-2:] == ["✅", "✅"]
        assert cells[-5:-2] == [
            str(account.expected.done),
            str(account.expected.done),
            str(account.expected.failed),
        ]


def test_products_go_where_their_images_and_options_send_them(folder: Path) -> None:
    (report,) = (folder / "demo-logs/reports").glob("*/batch_report_*.json")
    entries = json.loads(report.read_text(encoding="utf-8"))["accounts"]
    (images,) = (entry for entry in entries if entry["account"] == "demo03@example.com")

    assert [(item["outcome"], item["moved_to"]) for item in images["items"]] == [
        ("done", "신규수집"),  # cut to 30 images
        ("failed", "삭제"),  # there was none
        ("done", "삭제x"),  # more than 50 together with the options, under the account's own label
    ]


def test_it_shows_where_the_reports_are_and_they_are_there(
    demo: subprocess.CompletedProcess[str], folder: Path
) -> None:
    (report,) = (folder / "demo-logs/reports").glob("*/batch_report_single_step_1_*.md")
    document = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))

    assert str(report.relative_to(folder)) in demo.stdout
    assert [entry["account"] for entry in document["accounts"]] == [
        account.id for account in demo_accounts()
    ]


def test_it_leaves_nothing_but_its_logs(
    demo: subprocess.CompletedProcess[str], folder: Path
) -> None:
    assert demo.returncode == 0
    assert [path.name for path in folder.iterdir()] == ["demo-logs"]
