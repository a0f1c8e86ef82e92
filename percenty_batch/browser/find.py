"""Which browser to start."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from percenty_batch.errors import CannotRunError, InputError
from percenty_batch.settings import BrowserSettings

_SHELL_COMMANDS = ("chromium-headless-shell",)
_FULL_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_USUAL_PLACES = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("C:/Program Files/Google/Chrome/Application/chrome.exe"),
    Path("C:/Program Files (x86)/Google/Chrome/Application/chrome.exe"),
)
_PLAYWRIGHT_SHELLS = ("chrome-headless-shell", "headless_shell", "chrome-headless-shell.exe")
_COMPLETE = "INSTALLATION_COMPLETE"  # Playwright writes it into a browser's folder, at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserChoice:
    """A browser that exists. `name` is for messages."""

    name: str
    path: Path


def find_browser(
    settings: BrowserSettings, playwright_chromium: Path | None = None
) -> BrowserChoice:
    """Choose the browser to start; headless shells come first, since they start fastest.

    `playwright_chromium` is where Playwright would keep its own full Chromium; only the running
    driver knows. Reads the file system. Raises InputError when the setting names no executable
    file, CannotRunError when there is no browser at all.
    """
    if settings.executable is not None:
        return _configured(settings.executable)
    for name, candidate in _candidates(settings.is_headless, playwright_chromium):
        if found := shutil.which(candidate):
            return BrowserChoice(name=name, path=Path(found))
    raise CannotRunError(_what_to_install(settings.is_headless))


def _configured(executable: Path) -> BrowserChoice:
    found = shutil.which(executable)
    if found is None:
        raise InputError(f"설정 browser.executable: 실행할 수 있는 파일이 아닙니다: {executable}")
    return BrowserChoice(name=executable.name, path=Path(found))


def _candidates(is_headless: bool, playwright_chromium: Path | None) -> Iterator[tuple[str, Path]]:
    if is_headless:
        if playwright_chromium:
            yield from (("Playwright headless shell", p) for p in _own_shells(playwright_chromium))
        yield from ((command, Path(command)) for command in _SHELL_COMMANDS)
    if playwright_chromium and _is_complete(playwright_chromium):
        yield "Playwright Chromium", playwright_chromium
    yield from ((command, Path(command)) for command in _FULL_COMMANDS)
    yield from ((place.name, place) for place in _USUAL_PLACES)


def _own_shells(playwright_chromium: Path) -> Iterator[Path]:
    """Look beside Playwright's full Chromium: `chromium-<n>/…`, `chromium_headless_shell-<n>/…`."""
    for folder in playwright_chromium.parents:
        if folder.name.startswith("chromium-"):
            shell_folder = folder.with_name(
                folder.name.replace("chromium-", "chromium_headless_shell-")
            )
            for name in _PLAYWRIGHT_SHELLS:
                yield from filter(_is_complete, shell_folder.glob(f"*/{name}"))


def _is_complete(playwright_browser: Path) -> bool:
    """Tell whether Playwright marked the download as done: a broken one holds half a browser."""
    return any((folder / _COMPLETE).is_file() for folder in playwright_browser.parents)


def _what_to_install(is_headless: bool) -> str:
    playwright = "playwright install --only-shell chromium"
    distribution = "apt-get install chromium-headless-shell"
    if not is_headless:
        playwright, distribution = "playwright install chromium", "apt-get install chromium"
    return f"브라우저를 찾을 수 없습니다. 설치하십시오: `{playwright}` 또는 `{distribution}`"
