"""What can happen to a run from outside, in the midst of its work."""

import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from percenty_batch.sandbox import Faults
from tests.contract.ledger.postgres import PostgresServer
from tests.kill_points.family import browser_of, driver_of
from tests.kill_points.trial import LIMIT_S, Outcome, Trial, open_trial

_QUICK = {
    "PERCENTY_SITE__ACTION_TIMEOUT_S": "10",
    "PERCENTY_BROWSER__PROBE_TIMEOUT_S": "1.5",
    "PERCENTY_BROWSER__CLOSE_TIMEOUT_S": "5",
    "PERCENTY_LEDGER__LEASE_S": "3",
}
_LOOK_S = 0.02
_OUTAGE_S = 15.0
_RESTART_S = 2.0
_SESSION_CALLS = 12  # of a session, of which a product needs about as many


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where it happens: the run has moved its first product. `server` keeps the ledger, if one."""

    trial: Trial
    run: subprocess.Popen[bytes]
    server: PostgresServer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disaster:
    """`strike` does it and names what is wrong by then.

    `codes` are the exit codes with which the run may end.
    """

    strike: Callable[[Scene], Iterable[str]]
    codes: frozenset[int] = frozenset({0, 1})
    faults: Faults = field(default_factory=Faults)
    needs_postgres: bool = False


def try_disaster(name: str, products: Sequence[int], folder: Path) -> Outcome:
    """Let it happen to a run, and resume the run when it did not succeed by itself."""
    disaster = DISASTERS[name]
    with (
        _postgres(disaster) as (server, ledger),
        open_trial(
            folder, products, faults=disaster.faults, settings={**_QUICK, **ledger}
        ) as trial,
    ):
        run = trial.start("run")
        problems = [] if _has_moved_one(trial, run) else ["it ended before anything happened"]
        problems += disaster.strike(Scene(trial=trial, run=run, server=server))
        struck_at = time.monotonic()
        code = run.wait(LIMIT_S)
        told = f"exit code {code}, {time.monotonic() - struck_at:.1f} s later"
        problems += _ended_problems(trial, disaster, code)
        problems += trial.final_problems(trial.finish() if code else code)
    return Outcome(told=told, problems=tuple(problems))


@contextmanager
def _postgres(disaster: Disaster) -> Iterator[tuple[PostgresServer | None, Mapping[str, str]]]:
    if not disaster.needs_postgres:
        yield None, {}
        return
    server = PostgresServer()
    try:
        yield server, {"PERCENTY_LEDGER__URL": server.address(server.new_database())}
    finally:
        server.remove()


def _has_moved_one(trial: Trial, run: subprocess.Popen[bytes]) -> bool:
    while not any(change.what == "group" for change in trial.edits()):
        try:
            run.wait(_LOOK_S)
        except subprocess.TimeoutExpired:
            continue
        return False
    return True


def _ended_problems(trial: Trial, disaster: Disaster, code: int) -> Iterator[str]:
    if code not in disaster.codes:
        yield f"exit code {code}"
    yield from trial.untruths()
    yield from trial.left_behind()


def _browser_killed(scene: Scene) -> Iterable[str]:
    browser_of(scene.run.pid).kill()
    return ()


def _driver_killed(scene: Scene) -> Iterable[str]:
    driver_of(scene.run.pid).kill()
    return ()


def _browser_stopped(scene: Scene) -> Iterable[str]:
    browser_of(scene.run.pid).suspend()
    return ()


def _driver_stopped(scene: Scene) -> Iterable[str]:
    driver_of(scene.run.pid).suspend()
    return ()


def _site_down(scene: Scene) -> Iterator[str]:
    site = scene.trial.site
    site.is_down = True
    before = scene.trial.edits()
    time.sleep(_OUTAGE_S)
    if scene.trial.edits() != before:
        yield "the site took changes while it was down"
    site.is_down = False


def _sessions_expire(scene: Scene) -> Iterator[str]:
    """The site does it by itself."""
    scene.run.wait(LIMIT_S)
    signed_in = Counter(each.account for each in scene.trial.site.record if each.what == "sign_in")
    if min(signed_in.values()) == 1:
        yield "a session has not expired"


def _postgres_restarted(scene: Scene) -> Iterable[str]:
    assert scene.server is not None
    scene.server.stop()
    time.sleep(_RESTART_S)
    scene.server.start()
    return ()


def _frozen(scene: Scene) -> Iterator[str]:
    """Our own process sleeps while another one outwaits its lease and does the rest."""
    trial, run = scene.trial, scene.run
    _freeze(run, trial.logs / "ledger.sqlite3")
    code = trial.end("resume")
    if code != 0:
        yield f"the second process ended with {code}"
    before = trial.edits()
    psutil.Process(run.pid).resume()
    run.wait(LIMIT_S)
    if trial.edits() != before:
        yield "the first process went on after it had lost its accounts"


def _freeze(run: subprocess.Popen[bytes], ledger: Path) -> None:
    """Stop the process where it does not just write: no lease takes the file's lock from it."""
    process = psutil.Process(run.pid)
    while True:
        process.suspend()
        while process.status() != psutil.STATUS_STOPPED:
            time.sleep(_LOOK_S)
        if not _is_locked(ledger):
            return
        process.resume()
        time.sleep(_LOOK_S)


def _is_locked(ledger: Path) -> bool:
    with closing(sqlite3.connect(ledger, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False


def _logs_deleted(scene: Scene) -> Iterable[str]:
    shutil.rmtree(scene.trial.logs)
    return ()


DISASTERS: Mapping[str, Disaster] = {
    "browser_killed": Disaster(strike=_browser_killed),
    "driver_killed": Disaster(strike=_driver_killed),
    "browser_stopped": Disaster(strike=_browser_stopped),
    "driver_stopped": Disaster(strike=_driver_stopped),
    "site_down": Disaster(strike=_site_down),
    "sessions_expire": Disaster(
        strike=_sessions_expire,
        faults=Faults(session_expires_after=_SESSION_CALLS, session_expiries=2),
    ),
    "postgres_restarted": Disaster(strike=_postgres_restarted, needs_postgres=True),
    "process_frozen": Disaster(strike=_frozen, codes=frozenset({1, 3})),
    "logs_deleted": Disaster(strike=_logs_deleted),
}
