import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from percenty_batch.browser.temp_folder import (
    TempFolder,
    make_temp_folder,
    remove_temp_folder,
    sweep_temp_folders,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX locks")

DYING = """
import os
from percenty_batch.browser.temp_folder import make_temp_folder
folder = make_temp_folder()
(folder.path / "profile").mkdir()
print(folder.path, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture(autouse=True)
def system_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def folder() -> Iterator[TempFolder]:
    made = make_temp_folder()
    yield made
    remove_temp_folder(made)


def dead_ones_folder() -> Path:
    done = subprocess.run([sys.executable, "-c", DYING], capture_output=True, text=True)
    return Path(done.stdout.strip())


def test_a_folder_is_private_and_goes_with_all_that_is_in_it(system_temp: Path) -> None:
    folder = make_temp_folder()
    assert folder.path.parent == system_temp
    assert folder.path.stat().st_mode & 0o077 == 0
    (folder.path / "profile").mkdir()
    (folder.path / "profile" / "cookies").touch()
    remove_temp_folder(folder)
    assert list(system_temp.iterdir()) == []


def test_the_path_leaves_room_for_chromiums_socket(folder: TempFolder) -> None:
    below = "org.chromium.Chromium.scoped_dir.AbCdEf/SingletonSocket"
    assert len(f"/tmp/{folder.path.name}/{below}") < 107  # noqa: S108 - the usual one


def test_a_folder_in_use_is_not_swept(folder: TempFolder) -> None:
    assert sweep_temp_folders() == 0
    assert folder.path.is_dir()


def test_the_folder_of_a_killed_process_is_swept(folder: TempFolder) -> None:
    dead = dead_ones_folder()
    assert (dead / "profile").is_dir()
    assert sweep_temp_folders() == 1
    assert not dead.exists()
    assert folder.path.is_dir()


def test_what_only_looks_like_one_is_left_alone(system_temp: Path, folder: TempFolder) -> None:
    dead = dead_ones_folder()
    elsewhere = system_temp / "elsewhere"
    dead.rename(elsewhere)
    (system_temp / "percenty-notes").mkdir()
    (system_temp / "percenty-link").symlink_to(elsewhere)
    (system_temp / "percenty-file").touch()
    assert sweep_temp_folders() == 0
    assert (elsewhere / "profile").is_dir()


def test_a_folder_that_is_gone_already_is_no_trouble(system_temp: Path) -> None:
    folder = make_temp_folder()
    for path in folder.path.iterdir():
        path.unlink()
    folder.path.rmdir()
    remove_temp_folder(folder)
    assert list(system_temp.iterdir()) == []


def test_a_system_without_room_for_a_folder_is_an_error_that_leaves_nothing(
    system_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no locks here")

    monkeypatch.setattr("percenty_batch.browser.temp_folder._take", refuse)
    with pytest.raises(OSError, match="no locks"):
        make_temp_folder()
    assert list(system_temp.iterdir()) == []
