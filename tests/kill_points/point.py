"""One moment of death: run, die, report, resume, compare."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.kill_points.cases import STEP_1, Case
from tests.kill_points.trial import LIMIT_S, NOTHING_TO_RESUME, Outcome, Trial, open_trial

_LOOK_S = 0.01
_KILLED = (sys.executable, "-m", "tests.kill_points.killed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When the program dies: at a write to the ledger, as soon as the site has taken so many edits,
    or so many seconds after the start.
    """

    kind: str  # "before" and "after" a write, "edit" or "second"
    number: float

    def __str__(self) -> str:
        return f"{self.kind} {self.number:g}"


def try_moment(
    moment: Moment, products: Sequence[int], folder: Path, cases: Sequence[Case] = (STEP_1,)
) -> Outcome:
    """Let a run of the steps die at the moment and resume it."""
    with open_trial(folder, products, cases=cases) as trial:
        code = _die(trial, moment)
        has_died = code == -signal.SIGKILL
        problems: list[str] = []
        if has_died:
            problems += _report_of_the_dead(trial)
            code = trial.finish()
        problems += trial.final_problems(code)
    return Outcome(
        told="died" if has_died else "lived",
        problems=tuple(problems),
        is_last=moment.kind in ("before", "after") and not has_died,
    )


def _die(trial: Trial, moment: Moment) -> int:
    if moment.kind in ("before", "after"):
        program = (*_KILLED, moment.kind, f"{moment.number:g}")
        return trial.start("run", program).wait(LIMIT_S)
    process = trial.start("run")
    if moment.kind == "edit":
        while len(trial.edits()) < moment.number and not _has_ended(process, _LOOK_S):
            continue
    elif _has_ended(process, moment.number):
        return process.returncode
    process.kill()
    return process.wait()


def _has_ended(process: subprocess.Popen[bytes], within_s: float) -> bool:
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def _report_of_the_dead(trial: Trial) -> Iterator[str]:
    if trial.end("report") == NOTHING_TO_RESUME:
        return
    yield from (f"report of the dead: {each}" for each in trial.untruths())
