"""Make sure that a browser starts here, and say what is done for it.

Playwright's own headless shell comes first; where it cannot be had, the distribution's package.
Each remedy is tried only while nothing starts, so a machine that has a browser is left alone.
"""

import os
import shlex
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

from playwright.sync_api import sync_playwright

from percenty_batch.browser import find_browser
from percenty_batch.settings import BrowserSettings

AS_ROOT = str(Path(__file__).with_name("as-root"))
PLAYWRIGHT = (sys.executable, "-m", "playwright")
# Playwright gives up after five tries of this silence: bounded, and fair to a slow network.
DOWNLOAD_SILENCE_MS = 15_000

say = partial(print, flush=True)


def main() -> str | None:
    """Return what is wrong in the end, in Korean; None when a browser starts."""
    remedies = (
        add_driver_library,
        download_shell,
        partial(add_packages, "chromium-headless-shell"),
        partial(add_packages, "chromium"),
    )
    problem = start_problem()
    for remedy in remedies:
        if problem is None:
            return None
        remedy()
        problem = start_problem()
    return problem and f"브라우저를 준비하지 못했습니다: {problem}"


def start_problem() -> str | None:
    """Start the browser that the program would choose; return why that fails, or None."""
    try:
        with sync_playwright() as playwright:
            own = Path(playwright.chromium.executable_path)
            choice = find_browser(BrowserSettings(), own)
            playwright.chromium.launch(executable_path=choice.path).close()
    except Exception as error:  # noqa: BLE001 - whatever stops it, the next remedy is tried
        return str(error).partition("\n")[0]
    say(f"브라우저: {choice.name} ({choice.path})")
    return None


def add_driver_library() -> None:
    """Add what Playwright's Node.js needs and slim systems lack."""
    if not run("Playwright 드라이버 확인", *PLAYWRIGHT, "--version"):
        add_packages("libatomic1")


def download_shell() -> None:
    """Download Playwright's own headless shell, and the libraries it needs to start."""
    download = (*PLAYWRIGHT, "install", "--only-shell", "chromium")
    if run("Playwright의 브라우저 내려받기", *download) and has_apt() and start_problem():
        run("브라우저 라이브러리 설치", AS_ROOT, *PLAYWRIGHT, "install-deps", "chromium")


def add_packages(*packages: str) -> None:
    """Install Debian packages, with a Korean font where there is none: the site is in Korean."""
    if has_apt():
        fonts = () if has_korean_font() else ("fonts-nanum",)
        install = ("install", "--yes", "--no-install-recommends", *packages, *fonts)
        run("패키지 목록 갱신", AS_ROOT, "apt-get", "update")
        run("패키지 설치", AS_ROOT, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *install)


def has_apt() -> bool:
    return shutil.which("apt-get") is not None


def has_korean_font() -> bool:
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        return False
    listed = subprocess.run((fc_list, ":lang=ko"), capture_output=True)  # noqa: S603 - found above
    return bool(listed.stdout)


def run(what: str, *command: str) -> bool:
    """Run `command`, saying what it is for; of its output only the reason of a failure is shown."""
    say(f"{what}: {shlex.join(command).replace(f'{Path.cwd()}/', '')}")
    silence = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": str(DOWNLOAD_SILENCE_MS)}
    done = subprocess.run(  # noqa: S603 - only commands written above
        command,
        env=silence | os.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        say(f"  실패: {reason(done.stdout)}")
    return done.returncode == 0


def reason(output: str) -> str:
    """Return the first line that names an error, as Playwright and apt-get do, else the last."""
    lines = output.splitlines() or ["알 수 없는 오류"]
    return next((line for line in lines if line.startswith(("Error:", "E:"))), lines[-1])


if __name__ == "__main__":
    sys.exit(main())
