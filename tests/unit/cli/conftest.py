from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from percenty_batch.cli import main


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture
def command(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Run `percenty-batch` in this process, in an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(*args: str) -> Ran:
        capfd.readouterr()
        code = main(args)
        captured = capfd.readouterr()
        return Ran(code=code, out=captured.out, err=captured.err)

    return run
