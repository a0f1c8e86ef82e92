"""What every request passes before a page sees it, and the headers of every answer."""

import re
from collections.abc import Collection
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from percenty_batch.dashboard.access import Access, TooManyError

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
HEALTH, METRICS, SIGN_IN, STATIC = "/health", "/metrics", "/sign-in", "/static/"

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]+)?")
_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with none a form's post would come from "null"
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def cookie_name(*, is_https: bool) -> str:
    """Name the session's cookie; browsers take a `__Host-` cookie over HTTPS only."""
    return "__Host-percenty" if is_https else "percenty_dashboard"


class Guard:
    """Refuses foreign hosts, foreign posts and whoever is not signed in.

    A page finds the session in `request.state.session`. `/health` and the sign-in are open to
    all, `/metrics` also to who has the token in `Authorization: Bearer`.
    """

    def __init__(
        self, app: ASGIApp, *, access: Access, hosts: Collection[str], is_https: bool
    ) -> None:
        self._app = app
        self._access = access
        self._hosts = LOCAL_NAMES | {host.lower() for host in hosts}
        self._cookie = cookie_name(is_https=is_https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("only HTTP is served")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refusal(HTTPConnection(scope))
        await (refused or self._app)(scope, receive, send_guarded)

    def _refusal(self, request: HTTPConnection) -> Response | None:
        path = request.scope["path"]
        if path == HEALTH:
            return None
        host = request.headers.get("host", "")
        if _name(host) not in self._hosts:
            return PlainTextResponse("허용되지 않은 호스트입니다", 421)
        if request.scope["method"] not in ("GET", "HEAD") and not _is_ours(request.headers, host):
            return PlainTextResponse("다른 사이트에서 온 요청은 받지 않습니다", 403)
        session = self._access.session(request.cookies.get(self._cookie))
        request.scope.setdefault("state", {})["session"] = session
        if session is not None or path == SIGN_IN or path.startswith(STATIC):
            return None
        return self._metrics(request) if path == METRICS else _to_sign_in(request, path)

    def _metrics(self, request: HTTPConnection) -> Response | None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        client = request.client.host if request.client else ""
        try:
            if kind.lower() == "bearer" and self._access.is_token(token.strip(), client):
                return None
        except TooManyError:
            return PlainTextResponse("잠시 뒤에 다시 시도하세요", 429, {"retry-after": "60"})
        return PlainTextResponse(
            "토큰이 필요합니다", 401, {"www-authenticate": 'Bearer realm="percenty-batch"'}
        )


def _to_sign_in(request: HTTPConnection, path: str) -> Response:
    """Lead people to the sign-in and back; programs get a plain refusal."""
    is_page = "text/html" in request.headers.get("accept", "")
    if request.scope["method"] != "GET" or not is_page:
        return PlainTextResponse("로그인이 필요합니다", 401)
    query = request.scope["query_string"].decode("latin-1")
    asked = quote(f"{path}?{query}" if query else path, safe="")
    return RedirectResponse(f"{SIGN_IN}?next={asked}", 303)


def _is_ours(headers: Headers, host: str) -> bool:
    """Browsers say where a post comes from; who says nothing still needs the CSRF token."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


def _name(host: str) -> str:
    """Take the port off: `127.0.0.1:8770`, `[::1]:8770`. Empty for what is no host."""
    match = _HOST.fullmatch(host)
    return (match[1] or match[2]).lower() if match else ""
