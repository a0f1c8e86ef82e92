"""The page's scripts in one piece."""

import json
from pathlib import Path
from urllib.parse import unquote

from percenty_batch.sandbox.modules import import_map


def test_every_module_is_held_and_imports_the_others_by_their_paths(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "app.js").write_text('import { 목록 } from "./pages/list.js";\n', "utf-8")
    (tmp_path / "pages/list.js").write_text('import "../net.js";\nexport const 목록 = "</script>";')
    (tmp_path / "net.js").write_text("export const ask = 1 < 2;\n")

    text = import_map(tmp_path)
    held = {
        name: unquote(url.partition(",")[2]) for name, url in json.loads(text)["imports"].items()
    }

    assert held == {
        "app.js": 'import { 목록 } from "pages/list.js";\n',
        "pages/list.js": 'import "net.js";\nexport const 목록 = "</script>";',
        "net.js": "export const ask = 1 < 2;\n",
    }
    assert "<" not in text
