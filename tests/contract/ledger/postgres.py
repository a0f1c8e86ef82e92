"""A throw-away PostgreSQL server on a unix socket of its own."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

import psycopg

BINARIES = ("initdb", "postgres")
_USER = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root


def missing_binaries() -> list[str]:
    return [name for name in BINARIES if shutil.which(name) is None]


class PostgresServer:
    """Made by `initdb` in a new folder; `stop` and `start` it as often as needed."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pg_"))
        if _USER is not None:
            shutil.chown(self._folder, _USER)
        init = ["initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        self._run([*init, "--locale=C", "--no-sync"])
        self._databases = 0
        self.start()

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def start(self) -> None:
        """Start and wait until connections are accepted."""
        command = ["postgres", "-D", self._data, "-k", str(self._folder), "-h", "", "-F"]
        self._process = subprocess.Popen(
            command, cwd=self._folder, stderr=subprocess.PIPE, text=True, user=_USER
        )
        assert self._process.stderr is not None
        said = deque[str](maxlen=20)
        for line in self._process.stderr:
            said.append(line)
            if "ready to accept connections" in line:
                break
        else:
            raise RuntimeError("".join(said))
        drain = deque[str](maxlen=0).extend
        self._drainer = Thread(target=drain, args=(self._process.stderr,), daemon=True)
        self._drainer.start()

    def stop(self) -> None:
        """Stop as an administrator would: connections are cut, transactions rolled back."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=60)
        self._drainer.join(timeout=60)
        assert self._process.stderr is not None
        self._process.stderr.close()

    def remove(self) -> None:
        if self._process.poll() is None:
            self.stop()
        shutil.rmtree(self._folder)

    def new_database(self, template: str = "template1") -> str:
        """Make a database, empty or a copy of another, and return its name."""
        self._databases += 1
        name = f"ledger_{self._databases}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return name

    def address(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def _run(self, command: Sequence[str]) -> None:
        done = subprocess.run(
            command, cwd=self._folder, capture_output=True, text=True, check=False, user=_USER
        )
        if done.returncode:
            with suppress(OSError):
                shutil.rmtree(self._folder)
            raise RuntimeError(done.stderr)
