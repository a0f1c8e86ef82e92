"""The sandbox over HTTP, without a browser."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from percenty_batch.sandbox import ChatWidget, Faults, SandboxAccount
from percenty_batch.sandbox.server import make_app
from percenty_batch.sandbox.store import Store

ID = "a@example.com"


@asynccontextmanager
async def client(
    faults: Faults | None = None,
    chat_widget: ChatWidget = "blocked_host",
    stopping: asyncio.Event | None = None,
    store: Store | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    account = SandboxAccount(id=ID, password="pw", faults=faults or Faults())
    app = make_app(
        store or Store(seed=1, accounts=[account]),
        latency_ms=0,
        chat_widget=chat_widget,
        stopping=stopping or asyncio.Event(),
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        yield http


async def sign_in(http: httpx.AsyncClient, password: str = "pw") -> httpx.Response:  # noqa: S107
    return await http.post("/api/sign-in", json={"email": ID, "password": password})


async def test_nobody_is_signed_in_before_the_sign_in() -> None:
    async with client() as http:
        assert (await http.get("/api/me")).json() is None
        assert (await http.get("/api/products")).status_code == 401

        assert (await sign_in(http)).status_code == 200
        assert (await http.get("/api/me")).json()["email"] == ID


async def test_a_refusal_carries_its_kind_and_its_text() -> None:
    async with client() as http:
        answer = await sign_in(http, "wrong")

    assert answer.status_code == 401
    assert answer.json() == {"kind": "wrong_password", "message": "비밀번호가 올바르지 않습니다"}


async def test_another_email_can_be_shown_after_the_sign_in() -> None:
    async with client(Faults(shown_email="b@example.com")) as http:
        assert (await sign_in(http)).json()["email"] == "b@example.com"


async def test_a_move_shows_in_the_list_and_in_the_record() -> None:
    async with client() as http:
        await sign_in(http)
        before = (await http.get("/api/products?grouped=false")).json()
        key = before["rows"][0]["key"]

        await http.post("/api/move", json={"keys": [key], "group": "신규수집"})

        after = (await http.get("/api/products?grouped=false")).json()
        assert after["total"] == before["total"] - 1
        lines = (await http.get("/sandbox/record")).text.splitlines()
        assert [json.loads(line)["what"] for line in lines] == ["sign_in", "group"]
        assert json.loads(lines[1])["product"] == key


async def test_the_truth_about_products_can_be_asked_for_without_a_sign_in() -> None:
    async with client() as http:
        products = (await http.get(f"/sandbox/products?account={ID}")).json()
        unknown = await http.get("/sandbox/products?account=nobody")

    assert products[0]["image_count"] == 6
    assert products[0]["model"] == ""
    assert unknown.status_code == 404


async def test_an_unanswered_call_waits_until_the_sandbox_stops() -> None:
    stopping = asyncio.Event()
    async with client(Faults(hangs_after=0), stopping=stopping) as http:
        call = asyncio.create_task(sign_in(http))
        assert (await http.get("/sandbox/health")).status_code == 200
        assert not call.done()

        stopping.set()
        assert (await call).status_code == 503


async def test_every_start_hashes_class_names_anew() -> None:
    async with client() as one, client() as other:
        assert (await one.get("/")).text != (await other.get("/signin")).text


async def test_the_chat_script_comes_from_its_host_or_from_the_sandbox() -> None:
    async with client() as remote, client(chat_widget="served") as local:
        assert "https://cdn.channel.io/plugin/ch-plugin-web.js" in (await remote.get("/")).text
        assert "/static/channel/ch-plugin-web.js" in (await local.get("/")).text
        assert (await local.get("/static/channel/ch-plugin-web.js")).status_code == 200
        assert (await local.get("/static/missing.js")).status_code == 404


async def test_during_an_outage_every_call_of_the_api_is_answered_with_500() -> None:
    calls = (("GET", "/api/me"), ("GET", "/api/products"), ("POST", "/api/move"))
    store = Store(seed=1, accounts=[SandboxAccount(id=ID, password="pw")])
    async with client(store=store) as http:
        store.is_down = True
        signed_out = await http.get("/api/me")
        refused = await sign_in(http)
        store.is_down = False
        await sign_in(http)
        store.is_down = True
        answers = [await http.request(method, path, json={}) for method, path in calls]
        store.is_down = False
        again = await http.get("/api/products")

    assert {answer.status_code for answer in (signed_out, refused, *answers)} == {500}
    assert refused.json()["kind"] == "site_error"
    assert again.status_code == 200
    assert [change.after for change in store.record] == ["ok"]
