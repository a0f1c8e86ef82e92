"""A second run goes on with the first one's sign-in, as long as the site still knows it."""

import json
import os
import stat
from pathlib import Path

import pytest

from percenty_batch import BatchManager, JobStatus
from percenty_batch.browser import SignInStore
from percenty_batch.sandbox import SandboxAccount, SandboxSite
from tests.integration.step1.running import Run, run_batches

SELLER = SandboxAccount(id="seller@example.com", password="Canary-stored-7", shapes=(), popups=0)


def step_1(manager: BatchManager) -> None:
    manager.run_single_step(step=1, quantity=1)


def stored_file(site: SandboxSite, folder: Path) -> Path:
    return SignInStore(folder / "state", f"{site.url}/").path(SELLER.id)


def spoil(path: Path) -> None:
    """Give every cookie another value, as if the site had forgotten this sign-in."""
    state = json.loads(path.read_text(encoding="utf-8"))
    for cookie in state["cookies"]:
        cookie["value"] = "forgotten"
    path.write_text(json.dumps(state), encoding="utf-8")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """Three runs over one site and one state folder; the state is spoilt before the last."""
    folder = tmp_path_factory.mktemp("stored")
    with SandboxSite(accounts=[SELLER]) as site:
        runs = {"first": run_batches(site, [SELLER], folder, step_1)}
        path = stored_file(site, folder)
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        runs["second"] = run_batches(site, [SELLER], folder, step_1)
        spoil(path)
        runs["third"] = run_batches(site, [SELLER], folder, step_1)
        assert "forgotten" not in path.read_text(encoding="utf-8")
    return runs


@pytest.mark.parametrize(("name", "sign_ins"), [("first", 1), ("second", 1), ("third", 2)])
def test_the_form_is_filled_in_only_when_the_site_does_not_know_us(
    runs: dict[str, Run], name: str, sign_ins: int
) -> None:
    assert len(runs[name].changes(SELLER.id, "sign_in")) == sign_ins


@pytest.mark.parametrize("name", ["first", "second", "third"])
def test_each_run_works_in_one_attempt(runs: dict[str, Run], name: str) -> None:
    job = runs[name].job(SELLER.id)

    assert (job.status, job.attempts) == (JobStatus.SUCCEEDED, 1)


def test_the_log_says_when_a_stored_sign_in_was_used(runs: dict[str, Run]) -> None:
    said = {
        name: [line for line in run.lines(SELLER.id) if "로그인 성공" in line]
        for name, run in runs.items()
    }

    assert [line.endswith("로그인 성공 (저장된 로그인 사용)") for line in said["second"]] == [True]
    assert [line.endswith("로그인 성공") for line in (*said["first"], *said["third"])] == [True] * 2
