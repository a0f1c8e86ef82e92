"""HTTP over the store: the pages, their API, and the sandbox's own window on its record."""

import asyncio
import json
import random
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from percenty_batch.sandbox.api import CALLS, Answer, Call
from percenty_batch.sandbox.api.call import full
from percenty_batch.sandbox.modules import import_map
from percenty_batch.sandbox.record import Change
from percenty_batch.sandbox.store import Refused, Session, Store, Unanswered
from percenty_batch.sandbox.world import FLAGGED_WORDS, group_id

# "blocked_host": the page asks for the script of the real widget, from the real host, after it has
# loaded; a client that blocks that host, or has no network, never sees a widget. "served": the
# sandbox serves a stand-in itself, which covers the bottom right corner.
ChatWidget = Literal["blocked_host", "served"]

_COOKIE = "percenty_session"
_STATIC = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_CHAT_SCRIPTS: dict[ChatWidget, str] = {
    "blocked_host": "https://cdn.channel.io/plugin/ch-plugin-web.js",
    "served": "/static/channel/ch-plugin-web.js",
}


def make_app(
    store: Store,
    *,
    latency_ms: float,
    chat_widget: ChatWidget,
    stopping: asyncio.Event,
) -> Starlette:
    """Make the site. Calls that are never answered wait for `stopping`."""
    store.alarm = _waking(store)
    site = _Site(store, latency_ms, stopping)
    page = _index(_CHAT_SCRIPTS[chat_widget])
    files = {
        path.relative_to(_STATIC).as_posix(): Response(
            path.read_bytes(), media_type=_TYPES[path.suffix]
        )
        for path in _STATIC.rglob("*")
        if path.suffix in _TYPES
    }

    async def index(_request: Request) -> Response:
        return HTMLResponse(page)

    async def static(request: Request) -> Response:
        return files.get(request.path_params["path"]) or Response(status_code=404)

    return Starlette(
        routes=[
            Route("/", index),
            Route("/signin", index),
            Route("/static/{path:path}", static),
            Route("/api/sign-in", site.sign_in, methods=["POST"]),
            Route("/api/me", site.me),
            *(Route(path, site.answering(call), methods=[method]) for method, path, call in CALLS),
            Route("/sandbox/health", site.health),
            Route("/sandbox/record", site.record),
            Route("/sandbox/products", site.products),
        ]
    )


class _Site:
    """The store behind latency: every call takes its time, is admitted, and answers JSON."""

    def __init__(self, store: Store, latency_ms: float, stopping: asyncio.Event) -> None:
        self._store = store
        self._latency_s = latency_ms / 1000
        self._stopping = stopping
        self._jitter = random.Random(store.seed)  # noqa: S311 - repeatable, no secret

    async def sign_in(self, request: Request) -> Response:
        body = await request.json()
        email = str(body.get("email", ""))

        async def answer() -> Response:
            await self._delay(email)
            session = self._store.sign_in(email, str(body.get("password", "")))
            response = JSONResponse(_me(self._store, session))
            response.set_cookie(_COOKIE, session.token, max_age=86_400, httponly=True)
            return response

        return await self._fenced(answer)

    def answering(self, call: Call) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            body = await request.body()

            async def answer() -> Response:
                session = self._store.session(request.cookies.get(_COOKIE))
                await self._delay(session.account.id)
                return JSONResponse(
                    call(self._store, session, request, json.loads(body) if body else {})
                )

            return await self._fenced(answer)

        return endpoint

    async def me(self, request: Request) -> Response:
        """Say who is signed in: null without a cookie, 401 with one that is worth nothing."""
        if _COOKIE in request.cookies:
            return await self.answering(_about)(request)

        async def nobody() -> Response:
            return JSONResponse(None)

        return await self._fenced(nobody)

    async def health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok", "changes": len(self._store.record)})

    async def record(self, _request: Request) -> Response:
        lines = (json.dumps(_change(change), ensure_ascii=False) for change in self._store.record)
        return PlainTextResponse("".join(f"{line}\n" for line in lines))

    async def products(self, request: Request) -> Response:
        account = request.query_params.get("account", "")
        if account not in {known.id for known in self._store.accounts()}:
            return JSONResponse({"kind": "not_found"}, status_code=404)
        return JSONResponse([full(product) for product in self._store.products(account)])

    async def _fenced(self, answer: Callable[[], Awaitable[Response]]) -> Response:
        try:
            self._store.check_up()
            return await answer()
        except Refused as refused:
            return JSONResponse(
                {"kind": refused.kind, "message": str(refused)}, status_code=refused.status
            )
        except Unanswered:
            await self._stopping.wait()
            return Response(status_code=503)

    async def _delay(self, account_id: str) -> None:
        slowness = self._store.slowness(account_id)
        await asyncio.sleep(self._latency_s * slowness * self._jitter.uniform(0.5, 1.5))


def _waking(store: Store) -> Callable[[float], None]:
    def wake(delay_s: float) -> None:
        # A moment late: the loop's clock and the store's are not the same.
        asyncio.get_running_loop().call_later(delay_s + 0.01, store.catch_up)

    return wake


def _index(chat_script: str) -> str:
    """Fill the page in. Hashed class names differ in every build, as on the real site."""
    page = (_STATIC / "index.html").read_text(encoding="utf-8")
    build = secrets.token_hex(3)
    page = page.replace("{build}", build).replace("{chat_script}", chat_script)
    return page.replace("{modules}", import_map(_STATIC / "js"))


def _about(store: Store, session: Session, _request: Request, _body: dict[str, Any]) -> Answer:
    return _me(store, session)


def _me(store: Store, session: Session) -> dict[str, Any]:
    account = session.account
    return {
        "name": "김셀러",
        "email": account.faults.shown_email or account.id,
        "popups": account.popups,
        "is_hostile": account.faults.is_hostile,
        "translation_sign": account.translation.sign,
        "has_lasting_selection": account.faults.has_lasting_selection,
        "most_per_page": account.faults.most_per_page,
        "flagged_words": FLAGGED_WORDS,
        "groups": [
            {"name": name, "id": group_id(name, store.seed)} for name in store.groups(account)
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return asdict(change) | {"at": change.at.isoformat()}
