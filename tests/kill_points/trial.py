"""A run of the installed command against a sandbox of its own, from its start to its last resume.

Settings in our own environment (`PERCENTY_…`) hold for the runs as well.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from percenty_batch.sandbox import Change, Faults, SandboxAccount, SandboxSite
from tests.kill_points.cases import STEP_1, Case, Planned, record_of, sellers
from tests.kill_points.family import end_all, left_behind
from tests.kill_points.workbook import write_workbook

LIMIT_S = 240.0
NOTHING_TO_RESUME = 2
_INSTALLED = (str(Path(sys.executable).with_name("percenty-batch")),)
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a trial came to. `problems` is empty when every law held.

    `is_last`: a later moment of its kind would be no other.
    """

    told: str
    problems: tuple[str, ...]
    is_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The site, what was planned on it, and the folder of logs, state and temporary files."""

    folder: Path
    cases: Sequence[Case]
    site: SandboxSite
    planned: Mapping[str, Planned]  # by step
    options: Sequence[str]
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def start(self, command: str, program: Sequence[str] = _INSTALLED) -> subprocess.Popen[bytes]:
        """Start `run`, `resume` or `report` in a session of its own."""
        folders = {"PERCENTY_STATE__FOLDER": self.folder / "state", "TMPDIR": _temp(self.folder)}
        mine = {name: str(path) for name, path in folders.items()}
        with (self.folder / "output.txt").open("ab") as output:
            return subprocess.Popen(
                [*program, *self._arguments(command)],
                cwd=_ROOT,
                env={**os.environ, **self.settings, **mine},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def end(self, command: str) -> int:
        """Run a command to its end and return its exit code."""
        return self.start(command).wait(LIMIT_S)

    def finish(self) -> int:
        """Resume the run; one that had not planned anything is begun anew."""
        code = self.end("resume")
        return self.end("run") if code == NOTHING_TO_RESUME else code

    def reports(self) -> dict[str, dict[str, Any]]:
        """Read the report of each batch, by its step."""
        files = (self.logs / "reports").glob("*/batch_report_*.json")
        found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        return {report["step"]: report for report in found}

    def report(self) -> dict[str, Any] | None:
        """Read the last batch's report, None when there is none."""
        return self.reports().get(self.cases[-1].step)

    def untruths(self) -> Iterator[str]:
        """Name what the reports of a run that did not end well say, and the record does not.

        A chain may have ended before the later batches' reports were written.
        """
        reports, record = self.reports(), self.site.record
        if not reports:
            yield "no report"
        for case in self.cases:
            if case.step in reports:
                mine = record_of(case, record, self.planned)
                found = case.untruths(reports[case.step], mine)
                yield from (f"step {case.step}: {each}" for each in found)

    def edits(self) -> list[Change]:
        """Everything that was changed on the site so far."""
        return [change for change in self.site.record if change.product is not None]

    def final_problems(self, code: int) -> Iterator[str]:
        """Name what is wrong after all is said to be done; `code` is the last exit code."""
        if code != 0:
            yield f"exit code {code} in the end"
        reports, record = self.reports(), self.site.record
        for case in self.cases:
            report = reports.get(case.step)
            if report is None:
                yield f"step {case.step}: no report in the end"
                continue
            mine, planned = record_of(case, record, self.planned), self.planned[case.step]
            yield from (
                f"step {case.step}: {each}" for each in case.broken_laws(report, mine, planned)
            )
        yield from self.left_behind()

    def left_behind(self) -> Iterator[str]:
        """Name the processes and temporary files that outlive the run."""
        return left_behind(_temp(self.folder))

    def _arguments(self, command: str) -> list[str]:
        logs = ["--logs-dir", str(self.logs)]
        if command == "report":
            return [command, *logs]
        names = ",".join(case.step for case in self.cases)
        steps = ["--steps", names] if command == "run" else []
        return [command, *steps, *logs, *self.options]


@contextmanager
def open_trial(
    folder: Path,
    products: Sequence[int],
    *,
    cases: Sequence[Case] = (STEP_1,),
    faults: Faults | None = None,
    settings: Mapping[str, str] | None = None,
    latency_ms: float = 5.0,
) -> Iterator[Trial]:
    """Serve a site with so many products for each account; end what is left of the run."""
    given = sellers(cases, products, faults or Faults())
    quantity = max(case.quantity(max(products)) for case in cases)
    _temp(folder).mkdir()
    with _hearing_interrupts(), SandboxSite(accounts=given, latency_ms=latency_ms) as site:
        try:
            yield Trial(
                folder=folder,
                cases=cases,
                site=site,
                planned={
                    case.step: {each.id: case.planned(site.products(each.id)) for each in given}
                    for case in cases
                },
                options=_options(given, site.url, folder, quantity),
                settings=settings or {},
            )
        finally:
            end_all(_temp(folder))


def in_new_folder(attempt: Callable[[Path], Outcome]) -> Outcome:
    """Make the attempt in a folder of its own, which is kept when something was wrong.

    Its path is short: Chromium makes a socket below it.
    """
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    outcome = attempt(folder)
    if outcome.problems:
        return replace(outcome, problems=(*outcome.problems, f"kept: {folder}"))
    shutil.rmtree(folder)
    return outcome


@contextmanager
def _hearing_interrupts() -> Iterator[None]:
    """Let the runs hear SIGINT from their first moment on.

    A shell has its background jobs ignore it, and they have us and our children do so.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _temp(folder: Path) -> Path:
    return folder / "tmp"


def _options(given: Sequence[SandboxAccount], url: str, folder: Path, quantity: int) -> list[str]:
    file = folder / "percenty_id.xlsx"
    write_workbook(file, given)
    figures = ["--quantity", str(quantity), "--concurrency", str(len(given))]
    return ["--accounts", str(file), "--base-url", url, *figures]
