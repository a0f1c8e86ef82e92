"""The dashboard as an ASGI application: its addresses, its sign-in, and its small pages."""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from percenty_batch.dashboard.access import SESSION_S, Access, TooManyError
from percenty_batch.dashboard.account_view import FileRow, file_href
from percenty_batch.dashboard.commands import OwnCommand, Resumer
from percenty_batch.dashboard.files import file_response
from percenty_batch.dashboard.forms import TooLargeError, own_path, read_form
from percenty_batch.dashboard.guard import HEALTH, METRICS, SIGN_IN, STATIC, Guard, cookie_name
from percenty_batch.dashboard.metrics import MEDIA_TYPE, metrics_text
from percenty_batch.dashboard.pages import page, problem, static_files
from percenty_batch.dashboard.reading import Reader
from percenty_batch.dashboard.run_pages import RunPages
from percenty_batch.dashboard.search import LEVELS, MOST_HITS, Asked, Found, Search
from percenty_batch.dashboard.settings_view import setting_groups
from percenty_batch.dashboard.streams import Streams
from percenty_batch.errors import LedgerError
from percenty_batch.logs import FileKind, stored_files
from percenty_batch.settings import Settings

_REPORTS = 50  # runs whose reports are listed


def make_app(
    reader: Reader,
    settings: Settings,
    *,
    access: Access,
    command: OwnCommand,
    resumer: Resumer,
    streams: Streams,
    hosts: Collection[str] = (),
) -> Starlette:
    """Make the application. `hosts` are the names that it answers to beside the local ones."""
    is_https = settings.dashboard.is_https
    runs = RunPages(reader, settings, streams, resumer)
    door = _Door(access, is_https=is_https)
    others = _Pages(reader, settings, access, Search(command))
    files = static_files()

    async def static(request: Request) -> Response:
        return files.get(request.path_params["name"]) or PlainTextResponse("없는 파일입니다", 404)

    return Starlette(
        routes=[
            Route("/", runs.runs),
            Route("/runs/{run_id}", runs.run),
            Route("/runs/{run_id}/account", runs.account),
            Route("/runs/{run_id}/events", runs.events),
            Route("/runs/{run_id}/stop", runs.stop, methods=["POST"]),
            Route("/runs/{run_id}/resume", runs.resume, methods=["POST"]),
            Route("/search", others.search),
            Route("/reports", others.reports),
            Route("/settings", others.settings),
            Route("/files/{path:path}", others.file),
            Route(METRICS, others.metrics),
            Route(HEALTH, _health),
            Route(SIGN_IN, door.form),
            Route(SIGN_IN, door.sign_in, methods=["POST"]),
            Route("/sign-out", door.sign_out, methods=["POST"]),
            Route(f"{STATIC}{{name}}", static),
        ],
        middleware=[Middleware(Guard, access=access, hosts=hosts, is_https=is_https)],
        exception_handlers={
            404: _not_found,
            LedgerError: _no_ledger,
            TooLargeError: _too_large,
        },
    )


class _Door:
    """Signs people in and out."""

    def __init__(self, access: Access, *, is_https: bool) -> None:
        self._access = access
        self._is_https = is_https
        self._cookie = cookie_name(is_https=is_https)

    async def form(self, request: Request) -> Response:
        goes_on_to = own_path(request.query_params.get("next", "/"))
        return page(request, "sign_in", "로그인", goes_on_to=goes_on_to, why=None)

    async def sign_in(self, request: Request) -> Response:
        form = await read_form(request)
        goes_on_to = own_path(form.get("next", "/"))
        client = request.client.host if request.client else ""
        try:
            cookie = self._access.sign_in(form.get("token", "").strip(), client)
        except TooManyError:
            why = "틀린 토큰이 너무 많았습니다. 1분 뒤에 다시 시도하세요"
            answer = page(request, "sign_in", "로그인", status=429, goes_on_to=goes_on_to, why=why)
            answer.headers["retry-after"] = "60"
            return answer
        if cookie is None:
            why = "토큰이 다릅니다"
            return page(request, "sign_in", "로그인", status=401, goes_on_to=goes_on_to, why=why)
        response = RedirectResponse(goes_on_to, 303)
        response.set_cookie(
            self._cookie,
            cookie,
            max_age=int(SESSION_S),
            httponly=True,
            samesite="strict",
            secure=self._is_https or request.url.scheme == "https",
        )
        return response

    async def sign_out(self, request: Request) -> Response:
        form = await read_form(request)
        if not request.state.session.allows(form.get("csrf", "")):
            return problem(request, 403, "오래된 화면에서 온 요청입니다")
        self._access.sign_out(request.cookies.get(self._cookie))
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(
            self._cookie, httponly=True, samesite="strict", secure=self._is_https
        )
        return response


class _Pages:
    """Search, reports, settings, files and metrics: they only look."""

    def __init__(self, reader: Reader, settings: Settings, access: Access, search: Search) -> None:
        self._reader = reader
        self._settings = settings
        self._access = access
        self._search = search

    @property
    def _root(self) -> Path:
        return self._settings.logs.folder

    async def search(self, request: Request) -> Response:
        asked = Asked.of(request.query_params)
        found = await self._search.find(asked) if asked.words else None
        return page(
            request,
            "search",
            "로그 검색",
            asked=asked,
            found=found or Found(),
            has_searched=found is not None,
            levels=LEVELS,
            most=MOST_HITS,
        )

    async def reports(self, request: Request) -> Response:
        runs = await asyncio.to_thread(self._reports)
        return page(request, "reports", "보고서", runs=runs, most=_REPORTS)

    async def settings(self, request: Request) -> Response:
        return page(request, "settings", "설정", groups=setting_groups(self._settings))

    async def file(self, request: Request) -> Response:
        return await file_response(self._root, request.path_params["path"])

    async def metrics(self, _request: Request) -> Response:
        standing = await self._reader.latest()
        text = metrics_text(standing, refused_count=self._access.refused_count)
        return PlainTextResponse(text, media_type=MEDIA_TYPE)

    def _reports(self) -> list[tuple[str, list[FileRow]]]:
        """List the files of each run's reports, the newest run first. Blocking."""
        runs: dict[str, list[FileRow]] = defaultdict(list)
        for file in stored_files(self._root, frozenset({FileKind.REPORT})):
            if file.kind is FileKind.REPORT:
                name = file.path.rpartition("/")[2]
                runs[file.stamp].append(FileRow(href=file_href(file.path), name=name))
        return sorted(runs.items(), reverse=True)[:_REPORTS]


async def _health(_request: Request) -> Response:
    """The program runs; whether the ledger answers is told by the pages."""
    return PlainTextResponse("ok")


async def _not_found(request: Request, _error: Exception) -> Response:
    return problem(request, 404, "없는 페이지입니다")


async def _no_ledger(request: Request, error: Exception) -> Response:
    return problem(request, 503, str(error))


async def _too_large(request: Request, _error: Exception) -> Response:
    return problem(request, 413, "요청이 너무 큽니다")
