"""How the process ends when a signal comes after all was told."""

import signal
import subprocess
import sys

import pytest

LATE_SIGNAL = """
import atexit, os
from percenty_batch.cli import app
app.main = lambda: {code}
atexit.register(os.kill, os.getpid(), {number})
app.run()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("code", [0, 130])
def test_a_signal_that_comes_when_all_is_told_changes_no_exit_code(
    number: signal.Signals, code: int
) -> None:
    script = LATE_SIGNAL.format(code=code, number=int(number))
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == code
