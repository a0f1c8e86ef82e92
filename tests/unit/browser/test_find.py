from pathlib import Path

import pytest

from percenty_batch.browser.find import find_browser
from percenty_batch.errors import CannotRunError, InputError
from percenty_batch.settings import BrowserSettings


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is searched for commands; the usual places count as empty."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("percenty_batch.browser.find._USUAL_PLACES", (tmp_path / "no such",))
    return folder


@pytest.fixture
def playwright_chromium(tmp_path: Path) -> Path:
    return tmp_path / "ms-playwright" / "chromium-1255" / "chrome-linux64" / "chrome"


def complete(executable: Path) -> None:
    (executable.parents[1] / "INSTALLATION_COMPLETE").touch()


def playwright_shell(playwright_chromium: Path) -> Path:
    folder = playwright_chromium.parents[2] / "chromium_headless_shell-1255"
    return folder / "chrome-headless-shell-linux64" / "chrome-headless-shell"


def test_the_setting_comes_before_everything_found(commands: Path, tmp_path: Path) -> None:
    executable(commands / "chromium-headless-shell")
    mine = executable(tmp_path / "mine")
    assert find_browser(BrowserSettings(executable=mine)).path == mine


def test_a_setting_that_names_a_command_is_looked_up(commands: Path) -> None:
    mine = executable(commands / "my-chromium")
    assert find_browser(BrowserSettings(executable=Path("my-chromium"))).path == mine


@pytest.mark.parametrize("exists", [True, False])
def test_a_setting_without_an_executable_file_is_an_input_error(
    commands: Path, tmp_path: Path, exists: bool
) -> None:
    executable(commands / "chromium")
    wrong = tmp_path / "wrong"
    if exists:
        wrong.write_text("not executable")
    with pytest.raises(InputError, match=r"browser\.executable.*wrong"):
        find_browser(BrowserSettings(executable=wrong))


def test_browsers_are_taken_in_the_order_of_their_fitness(
    commands: Path, playwright_chromium: Path
) -> None:
    in_order = [
        playwright_shell(playwright_chromium),
        commands / "chromium-headless-shell",
        playwright_chromium,
        commands / "chromium",
        commands / "chromium-browser",
        commands / "google-chrome",
    ]
    for path in in_order:
        executable(path)
    complete(in_order[0])
    complete(playwright_chromium)
    for path in in_order:
        assert find_browser(BrowserSettings(), playwright_chromium).path == path
        path.unlink()


def test_a_playwright_browser_is_taken_only_once_its_download_is_complete(
    commands: Path, playwright_chromium: Path
) -> None:
    shell = executable(playwright_shell(playwright_chromium))
    executable(playwright_chromium)
    fallback = executable(commands / "chromium")
    assert find_browser(BrowserSettings(), playwright_chromium).path == fallback
    complete(playwright_chromium)
    assert find_browser(BrowserSettings(), playwright_chromium).path == playwright_chromium
    complete(shell)
    assert find_browser(BrowserSettings(), playwright_chromium).path == shell


def test_a_window_needs_more_than_a_headless_shell(
    commands: Path, playwright_chromium: Path
) -> None:
    complete(executable(playwright_shell(playwright_chromium)))
    executable(commands / "chromium-headless-shell")
    full = executable(commands / "chromium")
    assert find_browser(BrowserSettings(is_headless=False), playwright_chromium).path == full


@pytest.mark.parametrize(
    ("is_headless", "advice"),
    [(True, "apt-get install chromium-headless-shell"), (False, "apt-get install chromium")],
)
def test_without_any_browser_one_line_says_what_to_install(
    commands: Path, playwright_chromium: Path, is_headless: bool, advice: str
) -> None:
    with pytest.raises(CannotRunError) as caught:
        find_browser(BrowserSettings(is_headless=is_headless), playwright_chromium)
    message = str(caught.value)
    assert advice in message
    assert "playwright install" in message
    assert "\n" not in message


def test_a_usual_place_is_the_last_resort(
    commands: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = executable(tmp_path / "Applications" / "Google Chrome")
    monkeypatch.setattr("percenty_batch.browser.find._USUAL_PLACES", (place,))
    assert find_browser(BrowserSettings()).path == place
