"""One moment at which the run is asked to stop, once or twice."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.kill_points.trial import Outcome, Trial, open_trial

_GRACE_S = 20.0  # the default of jobs.stop_grace_s
_LIMIT_S = 40.0
_LIMIT_AT_ONCE_S = 10.0  # the aim is 2 s; here it only must not be the grace period
_SLOW_MS = 400.0  # so that a product takes longer than the pause between two signals


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A signal so many seconds after the start, to the process or to its whole group.

    With `again_after_s` a second one follows. `should_resume`: the rest is done afterwards.
    """

    number: signal.Signals
    to_group: bool
    after_s: float
    again_after_s: float | None = None
    should_resume: bool = True

    def __str__(self) -> str:
        whom = "group" if self.to_group else "process"
        twice = "" if self.again_after_s is None else f", again {self.again_after_s:g} s later"
        return f"{self.number.name} to the {whom} after {self.after_s:g} s{twice}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """How the run ended, and how long after the last signal; None: it had ended before."""

    code: int
    took_s: float | None


def try_stop(stop: Stop, products: Sequence[int], folder: Path) -> Outcome:
    """Stop a run at the moment, look at what it leaves, and resume it."""
    latency_ms = 5.0 if stop.again_after_s is None else _SLOW_MS
    with open_trial(folder, products, latency_ms=latency_ms) as trial:
        ended = _stopped(trial.start("run"), stop)
        unknown = _unknown(trial.report())
        problems = [*_ended_problems(trial, stop, ended, unknown), *trial.left_behind()]
        if ended.code == 0:
            problems += trial.final_problems(ended.code)
        elif stop.should_resume:
            problems += trial.final_problems(trial.finish())
    took = "had ended" if ended.took_s is None else f"took {ended.took_s:.2f} s"
    return Outcome(
        told=f"{took}, exit code {ended.code}, {unknown} unknown", problems=tuple(problems)
    )


def _stopped(process: subprocess.Popen[bytes], stop: Stop) -> _Ended:
    sent_at = None
    for pause_s in (stop.after_s, stop.again_after_s):
        if pause_s is not None and not _has_ended(process, pause_s):
            _send(process, stop)
            sent_at = time.monotonic()
    if not _has_ended(process, _LIMIT_S if stop.again_after_s is None else _LIMIT_AT_ONCE_S):
        process.kill()
    code = process.wait()
    return _Ended(code=code, took_s=None if sent_at is None else time.monotonic() - sent_at)


def _has_ended(process: subprocess.Popen[bytes], within_s: float) -> bool:
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def _send(process: subprocess.Popen[bytes], stop: Stop) -> None:
    if stop.to_group:
        os.killpg(process.pid, stop.number)
    else:
        process.send_signal(stop.number)


def _ended_problems(trial: Trial, stop: Stop, ended: _Ended, unknown: int) -> Iterator[str]:
    if ended.code == -signal.SIGKILL:
        yield "it did not end in time"
    elif ended.code not in _allowed_codes(trial, stop):
        yield f"exit code {ended.code}"
    in_order = stop.again_after_s is None and ended.took_s is not None
    if in_order and unknown and (ended.took_s or 0.0) < _GRACE_S:
        yield f"{unknown} products are unknown before the grace period is over"
    report = trial.report()
    if report is None:
        if trial.site.record:
            yield "no report"
        return
    yield from trial.untruths()
    yield from (f"{e['account']}: failed items" for e in report["accounts"] if e["failed"])
    trial.end("report")
    if _figures(trial.report()) != _figures(report):
        yield "the ledger's report is another"


def _allowed_codes(trial: Trial, stop: Stop) -> set[int]:
    """Until it can be resumed and after all is told, a signal does what it does by default."""
    stopped = 128 + stop.number
    moved = sum(change.what == "group" for change in trial.site.record)
    planned = (products for each in trial.planned.values() for products in each.values())
    if moved == sum(map(len, planned)):
        return {0, stopped, -stop.number}
    return {stopped} if trial.site.record else {stopped, -stop.number}


def _unknown(report: Mapping[str, Any] | None) -> int:
    return report["totals"]["unknown"] if report else 0


def _figures(report: Mapping[str, Any] | None) -> dict[str, Any]:
    """All that a report says but the lines that the log has lost, which no ledger knows."""
    return {name: value for name, value in (report or {}).items() if name != "gaps"}
