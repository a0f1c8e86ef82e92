"""Nothing of Playwright or Chromium stays in the system's temporary folder."""

import asyncio
import os
import signal
import sys
import textwrap
from pathlib import Path

import pytest
from structlog.typing import FilteringBoundLogger

import percenty_batch.browser
from percenty_batch.browser import Launcher
from percenty_batch.settings import BrowserSettings
from tests.integration.browser.our_processes import browsers, drivers, send, started

LIMIT_S = 40.0  # no test measures time; this only ends a test that would hang

WORK = """
    import asyncio, structlog
    from percenty_batch.browser import Launcher
    from percenty_batch.settings import BrowserSettings

    async def main():
        log = structlog.get_logger()
        async with Launcher(BrowserSettings(), log) as launcher, launcher.session("a", log):
            print("ready", flush=True)
            await asyncio.Event().wait()

    asyncio.run(main())
"""


def contents(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_driver_and_browser_keep_their_files_in_one_folder_that_goes_with_them(
    system_temp: Path, settings: BrowserSettings, log: FilteringBoundLogger
) -> None:
    async with Launcher(settings, log) as launcher, launcher.session("a", log):
        (name,) = contents(system_temp)
        assert name.startswith("percenty-")
        inside = contents(system_temp / name)
        assert [each for each in inside if each.startswith("playwright")]
    assert contents(system_temp) == []


@pytest.mark.parametrize("victims", [browsers, drivers, started])
async def test_what_a_killed_process_leaves_is_removed(
    system_temp: Path, settings: BrowserSettings, log: FilteringBoundLogger, victims: object
) -> None:
    assert callable(victims)
    async with asyncio.timeout(LIMIT_S), Launcher(settings, log) as launcher:
        async with launcher.session("a", log):
            send(signal.SIGKILL, victims())
        async with launcher.session("b", log):
            pass
    assert contents(system_temp) == []


async def test_where_there_is_no_setsid_the_folder_is_used_all_the_same(
    system_temp: Path,
    settings: BrowserSettings,
    log: FilteringBoundLogger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("percenty_batch.browser.own_session._SETSID", "no-such-command")
    async with Launcher(settings, log):
        assert len(contents(system_temp)) == 1
        assert os.environ["TMPDIR"] == str(system_temp)
    assert contents(system_temp) == []


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX locks")
async def test_what_a_killed_program_leaves_is_swept_by_the_next_one(
    tmp_path: Path, system_temp: Path, settings: BrowserSettings, log: FilteringBoundLogger
) -> None:
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(WORK), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        script,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(percenty_batch.browser.__file__).parents[2])},
    )
    assert process.stdout is not None
    async with asyncio.timeout(LIMIT_S):
        while await process.stdout.readline() != b"ready\n":
            assert process.returncode is None
        (theirs,) = contents(system_temp)
        async with Launcher(settings, log):
            assert theirs in contents(system_temp)  # its owner lives
        process.kill()
        await process.wait()
        async with Launcher(settings, log):
            assert theirs not in contents(system_temp)
    assert contents(system_temp) == []
