"""Our own command in a process of its own: what it does cannot stop the dashboard, nor the other
way round.
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_LAST_BYTES = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCommand:
    """`percenty-batch` with the settings that the dashboard was started with.

    Variables and working folder are inherited; `options` are those of the dashboard that other
    commands have as well.
    """

    settings_file: Path | None
    logs_folder: Path
    accounts_file: Path | None

    def search(self, *args: str) -> list[str]:
        return [*_program(), "logs", "search", *self._common(), *args]

    def resume(self, run_id: str) -> list[str]:
        accounts = [f"--accounts={self.accounts_file.absolute()}"] if self.accounts_file else []
        return [*_program(), "resume", *self._common(), *accounts, "--", run_id]

    def _common(self) -> list[str]:
        file = [f"--settings={self.settings_file.absolute()}"] if self.settings_file else []
        return [*file, f"--logs-dir={self.logs_folder.absolute()}"]


def _program() -> list[str]:
    return [sys.executable, "-X", "utf8", "-m", "percenty_batch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """A `resume` that was started here. `code` is None while it runs; `told` are its last lines."""

    pid: int
    code: int | None
    told: tuple[str, ...]


class Resumer:
    """Starts resumptions. They go on when the dashboard ends: each has a session of its own."""

    def __init__(self, command: OwnCommand) -> None:
        self._command = command
        self._started: dict[str, tuple[subprocess.Popen[bytes], IO[bytes]]] = {}

    def start(self, run_id: str) -> None:
        """Start it, unless one of this run that was started here still runs. Raises OSError.

        Blocking. What it prints is kept in a file without a name, so that it never waits for us.
        """
        known = self.state(run_id)
        if known is not None and known.code is None:
            return
        output = tempfile.TemporaryFile()  # noqa: SIM115 - as long as its process is known
        process = subprocess.Popen(  # noqa: S603 - our own command, the id is the ledger's
            self._command.resume(run_id),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if run_id in self._started:
            self._started[run_id][1].close()
        self._started[run_id] = process, output

    def close(self) -> None:
        """Look at none of them any more."""
        for _, output in self._started.values():
            output.close()
        self._started.clear()

    def state(self, run_id: str) -> Resumption | None:
        """Tell of the latest resumption of the run; None when none was started here. Blocking."""
        if run_id not in self._started:
            return None
        process, output = self._started[run_id]
        code = process.poll()
        output.seek(max(output.seek(0, 2) - _LAST_BYTES, 0))
        lines = output.read().decode(errors="replace").splitlines()
        return Resumption(pid=process.pid, code=code, told=tuple(lines[-12:]))
