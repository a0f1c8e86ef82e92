"""The site's HTTP side: the page itself, its libraries, its pictures, and the calls of the page."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.antd_site.api import Api
from tests.antd_site.calls import CALLS
from tests.antd_site.options import Options
from tests.antd_site.store import Store

_PAGE = Path(__file__).with_name("page")
_STORAGE_S = 1.5
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400" viewBox="0 0 600 400">'
    '<rect width="600" height="400" fill="#fffaf0"/><rect y="300" width="600" height="100" '
    'fill="#8fb8de"/><text x="40" y="140" font-size="72" font-weight="700" '
    'font-family="sans-serif" fill="#111">{words}</text></svg>'
)

_BLANK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400">'
    '<rect width="600" height="400" fill="#fff"/></svg>'
)


def build_app(libs: Path, stores: dict[str, Store], options: Options) -> Starlette:
    """Return the site; `libs` is the folder where npm installed the browser libraries."""
    html = (_PAGE / "index.html").read_text(encoding="utf-8")
    html = html.replace("/*OPTIONS*/{}", json.dumps(asdict(options), ensure_ascii=False))

    async def page(_request: Request) -> Response:
        return HTMLResponse(html)

    async def favicon(_request: Request) -> Response:
        return FileResponse(_PAGE / "picture.svg", media_type="image/svg+xml")

    return Starlette(
        routes=[
            *Api(stores, options, CALLS).routes(),
            Route("/favicon.ico", favicon),
            Route("/pictures/{name}", _picture),
            Route("/storage/{name}", _storage, methods=["OPTIONS", "PUT"]),
            Mount("/libs", StaticFiles(directory=libs / "node_modules")),
            Mount("/page", StaticFiles(directory=_PAGE)),
            Route("/", page),
            Route("/signin", page),
        ]
    )


async def _storage(request: Request) -> Response:
    """Take a file, slowly, for a page of any origin."""
    if request.method == "PUT":
        await asyncio.sleep(_STORAGE_S)
    allowed = {"access-control-allow-origin": "*", "access-control-allow-methods": "PUT"}
    return Response(headers=allowed)


async def _picture(request: Request) -> Response:
    """Draw an image of a product: Chinese words, translated ones, only its number, or nothing."""
    name = str(request.path_params["name"]).removesuffix(".svg")
    if name.endswith("-lost"):
        return Response(status_code=404)
    if name.endswith("-blank"):
        return Response(_BLANK, media_type="image/svg+xml")
    words = "夏季新款衣裙" if name.endswith("-zh") else "여름 신상 원피스"
    words = words if "-zh" in name else name.rpartition("-")[2]
    return Response(_PICTURE.format(words=words), media_type="image/svg+xml")
