"""The page's scripts in one piece, as a built React app comes: no request for each module."""

import json
import posixpath
import re
from pathlib import Path
from urllib.parse import quote

_IMPORT = re.compile(r'(from |import )"(\.{1,2}/[^"]+)"')
_TYPE = "data:text/javascript;charset=utf-8,"


def import_map(folder: Path) -> str:
    """Give the import map that holds every module below `folder`, by its path in it."""
    sources = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.js")}
    imports = {name: _TYPE + quote(_named(name, path)) for name, path in sources.items()}
    return json.dumps({"imports": imports}).replace("<", "\\u003c")


def _named(name: str, path: Path) -> str:
    """The source with each import by its path from the folder: a data URL has no neighbours."""
    here = posixpath.dirname(name)

    def whole(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(here, match[2]))
        return f'{match[1]}"{target}"'

    return _IMPORT.sub(whole, path.read_text(encoding="utf-8"))
