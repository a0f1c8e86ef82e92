import sys
from pathlib import Path

import pytest

from percenty_batch.dashboard.commands import OwnCommand, Resumer
from percenty_batch.dashboard.search import Asked
from tests.unit.cli.ledgers import RUN_ID, begin, finish_all, finish_one, plan_batch, write


def command(folder: Path) -> OwnCommand:
    return OwnCommand(settings_file=None, logs_folder=folder, accounts_file=folder / "accounts.csv")


def test_a_resumption_is_the_command_itself_and_tells_how_it_ended(tmp_path: Path) -> None:
    write(tmp_path, begin, plan_batch, finish_one, finish_all)
    rows = "id,password\na@example.com,Canary-1\nb@example.com,Canary-2\n"
    (tmp_path / "accounts.csv").write_text(rows, encoding="utf-8")
    resumer = Resumer(command(tmp_path))
    assert resumer.state(RUN_ID) is None

    resumer.start(RUN_ID)
    process, _ = resumer._started[RUN_ID]
    process.wait()

    state = resumer.state(RUN_ID)
    assert state is not None
    assert (state.pid, state.code) == (process.pid, 2)  # the run is of another version
    assert any("버전: 0.0.1 → " in line for line in state.told)
    assert "--accept-changes" in state.told[-1]
    resumer.close()


def test_one_that_runs_is_not_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = [sys.executable, "-c", "import sys; sys.stdin.read(); input()"]
    endless = [sys.executable, "-c", "import signal; signal.pause()"]
    monkeypatch.setattr(OwnCommand, "resume", lambda _self, _run_id: endless)
    resumer = Resumer(command(tmp_path))
    resumer.start(RUN_ID)
    process, _ = resumer._started[RUN_ID]
    try:
        resumer.start(RUN_ID)
        assert resumer._started[RUN_ID][0] is process
        state = resumer.state(RUN_ID)
        assert state is not None
        assert (state.pid, state.code) == (process.pid, None)
    finally:
        process.kill()
        process.wait()

    monkeypatch.setattr(OwnCommand, "resume", lambda _self, _run_id: waiting)
    resumer.start(RUN_ID)
    again, _ = resumer._started[RUN_ID]
    again.wait()  # it has nothing to read from
    assert again is not process
    resumer.close()


@pytest.mark.parametrize(
    ("fields", "args"),
    [
        ({"words": "a  b"}, ["--json", "--", "a", "b"]),
        ({"words": '"a b" --level'}, ["--json", "--", "a b", "--level"]),
        ({"words": "^a b", "regex": "on"}, ["--json", "--regex", "--", "^a b"]),
        (
            {"words": "x", "account": "--all", "level": "error", "since": "7d", "run": "1"},
            ["--json", "--account=--all", "--level=error", "--since=7d", "--run=1", "--", "x"],
        ),
        ({"words": "x", "level": "loud"}, ["--json", "--", "x"]),
    ],
    ids=str,
)
def test_what_is_searched_for_is_never_an_option(fields: dict[str, str], args: list[str]) -> None:
    assert Asked.of(fields).args() == args
