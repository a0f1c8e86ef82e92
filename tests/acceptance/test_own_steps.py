"""The README's own step, and a dry run, by the installed command on the sandbox."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from percenty_batch.sandbox import SandboxAccount, SandboxSite, Shape, write_accounts_csv

COMMAND = Path(sys.executable).with_name("percenty-batch")
README = Path(__file__).parents[2] / "README.md"
SELLER = SandboxAccount(
    id="seller@example.com", password="Canary-7", shapes=(Shape(),), grouped=2, popups=0
)


def command(folder: Path, site: SandboxSite, *args: str) -> subprocess.CompletedProcess[str]:
    write_accounts_csv(folder / "accounts.csv", [SELLER])
    own = ["--accounts", "accounts.csv", "--base-url", site.url]
    environ = {**os.environ, "PERCENTY_STATE__SHOULD_KEEP_SIGN_INS": "false"}
    return subprocess.run(
        [COMMAND, "run", *args, *own],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def edits(site: SandboxSite) -> list[str]:
    return [change.what for change in site.record if change.what != "sign_in"]


def example() -> str:
    text = README.read_text(encoding="utf-8")
    told = text.split("<!-- own-steps:begin -->")[1].split("<!-- own-steps:end -->")[0]
    match = re.search(r"```python\n(.*?)```", told, re.DOTALL)
    assert match
    return match[1]


def done(folder: Path, step: str) -> list[int]:
    (report,) = (folder / "logs/reports").glob(f"*/batch_report_single_step_{step}_*.json")
    document = json.loads(report.read_text(encoding="utf-8"))
    return [account["done"] for account in document["accounts"]]


def sign_ins(site: SandboxSite) -> Sequence[str]:
    return sorted(change.account for change in site.record if change.what == "sign_in")


def test_the_readmes_own_step_runs_before_step_1_with_one_sign_in(tmp_path: Path) -> None:
    (tmp_path / "my_steps.py").write_text(example(), encoding="utf-8")
    with SandboxSite(accounts=[SELLER]) as site:
        ran = command(tmp_path, site, "--steps-from", "my_steps.py", "--steps", "check-names,1")

        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert done(tmp_path, "check-names") == done(tmp_path, "1") == [1]
        assert sign_ins(site) == [SELLER.id]
    (log,) = (tmp_path / "logs/accounts").glob(f"*/{SELLER.id}.log")
    assert log.read_text(encoding="utf-8").count("동작 '이름 읽기' 완료") == 1


def test_a_dry_run_tells_the_plan_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "my_steps.py").write_text(example(), encoding="utf-8")
    with SandboxSite(accounts=[SELLER]) as site:
        own = ("--steps-from", "my_steps.py", "--steps", "1,check-names", "--dry-run")
        ran = command(tmp_path, site, *own)

        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert edits(site) == []
        assert sign_ins(site) == [SELLER.id]
    assert not (tmp_path / "logs/ledger.sqlite3").exists()
    lines = ran.stdout.splitlines()
    unknown = "예상 시간: 알 수 없음 (이 계정과 단계의 완료 기록이 없음)"
    assert f"  ✅ {SELLER.id}: 상품 1개 (요청 100개), {unknown}" in lines
    assert f"  ✅ {SELLER.id}: 항목 1개 (요청 50개), {unknown}" in lines
    assert lines[-1].startswith("합계: 계정 1개 중 1개 확인, 처리 예정 2개")
