"""The site's HTTP side: the page itself, its libraries, and the calls of the page."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.antd_site.options import Options
from tests.antd_site.world import RefusedError, Store, group_names, summary

_PAGE = Path(__file__).with_name("page")
Call = Callable[["Api", Request, Store, int], Awaitable[object]]


class Api:
    """The calls of the page; every one is slow, counted, and bound to a sign-in."""

    def __init__(self, stores: dict[str, Store], options: Options) -> None:
        self._stores = stores
        self._options = options
        self._sign_ins: dict[str, tuple[Store, int]] = {}
        self._rng = random.Random(0)  # noqa: S311 - latency, not a secret

    def routes(self) -> list[Route]:
        return [
            Route("/api/sign-in", self._sign_in, methods=["POST"]),
            self._call("GET", "/api/me", me),
            self._call("GET", "/api/groups", groups),
            self._call("GET", "/api/products", products),
            self._call("GET", "/api/products/{id}", product),
            self._call("PATCH", "/api/products/{id}", edit),
            self._call("DELETE", "/api/products/{id}", delete),
            self._call("POST", "/api/products/{id}/copy", copy),
            self._call("POST", "/api/group", move),
            Route("/__record", self._record),
        ]

    def _call(self, method: str, path: str, call: Call) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                store, sign_in = self._signed_in(request)
                await self._wait(store)
                return JSONResponse(await call(self, request, store, sign_in))
            except RefusedError as error:
                return _refusal(error)

        return Route(path, endpoint, methods=[method])

    def _signed_in(self, request: Request) -> tuple[Store, int]:
        token = request.headers.get("authorization", "")
        if token not in self._sign_ins:
            raise RefusedError(401, "signed_out", "로그인이 필요합니다.")
        store, sign_in = self._sign_ins[token]
        store.calls += 1
        if store.calls in store.account.faults.expires_at_calls:
            del self._sign_ins[token]
            raise RefusedError(401, "signed_out", "로그인이 만료되었습니다.")
        return store, sign_in

    async def _wait(self, store: Store) -> None:
        faults = store.account.faults
        if faults.hangs_after_calls is not None and store.calls > faults.hangs_after_calls:
            await asyncio.Event().wait()
        await asyncio.sleep(self._rng.uniform(*self._options.latency_s) * faults.slowness)

    async def _sign_in(self, request: Request) -> Response:
        asked = await request.json()
        await asyncio.sleep(self._rng.uniform(*self._options.latency_s))
        store = self._stores.get(asked["email"])
        if store is None or store.account.password != asked["password"]:
            return _refusal(
                RefusedError(400, "password", "이메일 또는 비밀번호가 일치하지 않습니다.")
            )
        if store.account.faults.sign_in == "locked":
            return _refusal(
                RefusedError(400, "locked", "계정이 잠겼습니다. 고객센터로 문의해주세요.")
            )
        if store.account.faults.sign_in == "captcha":
            return _refusal(
                RefusedError(400, "captcha", "자동 로그인 방지를 위해 보안문자를 입력해주세요.")
            )
        store.sign_in_count += 1
        token = f"{store.account.email}:{store.sign_in_count}:{self._rng.getrandbits(64):x}"
        self._sign_ins[token] = (store, store.sign_in_count)
        return JSONResponse({"token": token})

    async def _record(self, _request: Request) -> Response:
        return JSONResponse([asdict(c) for store in self._stores.values() for c in store.record])

    def groups(self) -> list[str]:
        return group_names(self._options)


async def me(_api: Api, _request: Request, store: Store, _sign_in: int) -> object:
    email = store.account.faults.shown_email or store.account.email
    return {"email": email, "name": "홍길동"}


async def groups(api: Api, _request: Request, _store: Store, _sign_in: int) -> object:
    return api.groups()


async def products(_api: Api, request: Request, store: Store, _sign_in: int) -> object:
    asked = request.query_params
    page, size = int(asked.get("page", 1)), int(asked.get("size", 20))
    rows = store.listed(asked.get("view", "grouped"), asked.get("group") or None)
    shown = rows[(page - 1) * size : page * size]
    return {"total": len(rows), "items": [summary(row) for row in shown]}


async def product(_api: Api, request: Request, store: Store, _sign_in: int) -> object:
    return asdict(store.find(request.path_params["id"]))


async def edit(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    return asdict(store.edit(sign_in, request.path_params["id"], await request.json()))


async def delete(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    store.delete(sign_in, request.path_params["id"])
    return {}


async def copy(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    return asdict(store.copy(sign_in, request.path_params["id"]))


async def move(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    asked = await request.json()
    store.move(sign_in, asked["ids"], asked["group"])
    return {}


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
            *Api(stores, options).routes(),
            Route("/favicon.ico", favicon),
            Mount("/libs", StaticFiles(directory=libs / "node_modules")),
            Mount("/page", StaticFiles(directory=_PAGE)),
            Route("/", page),
            Route("/signin", page),
        ]
    )


def _refusal(error: RefusedError) -> Response:
    return JSONResponse({"code": error.code, "message": str(error)}, status_code=error.status)
