"""The calls of the page: every one is slow, counted, and bound to a sign-in."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.antd_site.options import Options
from tests.antd_site.store import Store
from tests.antd_site.world import RefusedError, group_names

# A call gets the site, the question, the account's store, and the number of the sign-in.
Call = Callable[["Api", Request, Store, int], Awaitable[object]]


class Api:
    """Binds the calls to the accounts' stores."""

    def __init__(
        self, stores: dict[str, Store], options: Options, calls: Sequence[tuple[str, str, Call]]
    ) -> None:
        self._stores = stores
        self._calls = calls
        self._options = options
        self._sign_ins: dict[str, tuple[Store, int]] = {}
        self._rng = random.Random(0)  # noqa: S311 - latency, not a secret

    def routes(self) -> list[Route]:
        return [
            Route("/api/sign-in", self._sign_in, methods=["POST"]),
            Route("/api/news", _news),
            *(self._call(method, f"/api{path}", call) for method, path, call in self._calls),
            Route("/__record", self._record),
        ]

    def _call(self, method: str, path: str, call: Call) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                store, sign_in = self._signed_in(request)
                await self._wait()
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

    async def _wait(self) -> None:
        await asyncio.sleep(self._rng.uniform(*self._options.latency_s))

    async def _sign_in(self, request: Request) -> Response:
        asked = await request.json()
        await self._wait()
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


async def _news(_request: Request) -> Response:
    return JSONResponse([])


def _refusal(error: RefusedError) -> Response:
    return JSONResponse({"code": error.code, "message": str(error)}, status_code=error.status)
