from datetime import UTC, datetime
from html.parser import HTMLParser

import httpx
import pytest

from percenty_batch.dashboard.access import SESSION_S, Access, TooManyError
from percenty_batch.dashboard.forms import own_path
from percenty_batch.ledger import Owner
from percenty_batch.logs import RunFolders
from tests.unit.dashboard.conftest import TOKEN, House, StillClock
from tests.unit.dashboard.worlds import BAD, ENDED, RUNNING

CLOSED = [
    "/",
    f"/runs/{RUNNING}",
    f"/runs/{RUNNING}/events",
    f"/runs/{RUNNING}/account?id={BAD}",
    "/search?words=x",
    "/reports",
    "/settings",
    f"/files/accounts/{RUNNING}/{BAD}.log",
    "/metrics",
    "/nowhere",
]
WAYS_OUT = [
    "..%2f..%2f..%2fetc/passwd",
    "%2e%2e/%2e%2e/etc/passwd",
    "accounts/../ledger.sqlite3",
    f"accounts/{RUNNING}/../../ledger.sqlite3",
    f"accounts/{RUNNING}/..%2f..%2fledger.sqlite3",
    "ledger.sqlite3",
    "/etc/passwd",
    f"accounts/{RUNNING}/",
    f"accounts/{RUNNING}",
    "accounts",
    "",
    f"accounts/{RUNNING}/x%00.log",
    f"secrets/{RUNNING}/x.log",
]


def cookie_of(house: House) -> str:
    return "; ".join(f"{name}={value}" for name, value in house.client.cookies.items())


class Tags(HTMLParser):
    """Collects every tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", CLOSED)
async def test_nothing_is_shown_without_a_token(house: House, path: str) -> None:
    plain = await house.client.get(path)
    page = await house.client.get(path, headers={"accept": "text/html"})

    assert plain.status_code == 401
    assert page.status_code == (401 if path == "/metrics" else 303)
    assert BAD not in plain.text + page.text


async def test_a_wrong_token_is_refused_and_many_are_not_looked_at(house: House) -> None:
    answers = [(await house.sign_in("wrong")).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert (await house.sign_in()).status_code == 429  # not even the right one

    house.clock.now += 61
    assert (await house.sign_in()).status_code == 303


async def test_guessing_from_many_places_is_limited_as_well() -> None:
    access = Access(TOKEN, StillClock())
    for place in range(30):
        assert not access.is_token("wrong", f"10.0.0.{place}")
    with pytest.raises(TooManyError):
        access.is_token(TOKEN, "10.0.1.1")


async def test_the_cookie_is_for_this_site_and_no_script(house: House) -> None:
    cookie = (await house.sign_in()).headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie  # plain HTTP on loopback: it would not come back
    assert TOKEN not in cookie


async def test_a_session_ends_by_itself_and_by_signing_out(signed_in: House) -> None:
    signed_in.clock.now += SESSION_S - 1
    assert (await signed_in.client.get("/")).status_code == 200
    assert (await signed_in.client.post("/sign-out", data={"csrf": "x"})).status_code == 403
    cookie = cookie_of(signed_in)
    await signed_in.client.post("/sign-out", data={"csrf": signed_in.csrf})
    assert (await signed_in.client.get("/", headers={"cookie": cookie})).status_code == 401

    await signed_in.sign_in()
    signed_in.clock.now += SESSION_S
    assert (await signed_in.client.get("/")).status_code == 401


@pytest.mark.parametrize("host", ["evil.example.com", "127.0.0.1.evil.com", "", "a@127.0.0.1:x"])
async def test_other_hosts_are_not_answered(signed_in: House, host: str) -> None:
    answer = await signed_in.client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert RUNNING not in answer.text


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8770", "localhost:1", "[::1]:8770", "dash.example.com"]
)
async def test_own_hosts_are_answered(signed_in: House, host: str) -> None:
    headers = {
        "host": host,
        "cookie": cookie_of(signed_in),
    }
    assert (await signed_in.client.get("/", headers=headers)).status_code == 200


async def test_health_tells_nothing_and_needs_nothing(house: House) -> None:
    answer = await house.client.get("/health", headers={"host": "10.1.2.3:8770"})
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_metrics_take_the_token_of_a_scraper(house: House) -> None:
    async def status(authorization: str) -> int:
        headers = {"authorization": authorization}
        return (await house.client.get("/metrics", headers=headers)).status_code

    assert await status(f"Bearer {TOKEN}") == 200
    assert [await status("Bearer wrong") for _ in range(6)] == [401] * 5 + [429]
    assert (
        await house.client.get("/", headers={"authorization": f"Bearer {TOKEN}"})
    ).status_code == 401


@pytest.mark.parametrize("action", ["stop", "resume"])
async def test_an_action_needs_the_forms_token(signed_in: House, action: str) -> None:
    for form in ({}, {"csrf": "wrong"}):
        answer = await signed_in.client.post(f"/runs/{RUNNING}/{action}", data=form)
        assert answer.status_code == 403
    assert await signed_in.ledger.stop_request(RUNNING, 1) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example.com"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
async def test_a_post_of_another_site_is_refused(signed_in: House, headers: dict[str, str]) -> None:
    form = {"csrf": signed_in.csrf}
    answer = await signed_in.client.post(f"/runs/{RUNNING}/stop", data=form, headers=headers)
    assert answer.status_code == 403
    assert await signed_in.ledger.stop_request(RUNNING, 1) is None


async def test_actions_are_no_links(signed_in: House) -> None:
    for action in ("stop", "resume"):
        assert (await signed_in.client.get(f"/runs/{RUNNING}/{action}")).status_code == 405


async def test_a_stop_is_written_once_and_shown(signed_in: House) -> None:
    before = datetime.now(UTC)
    form = {"csrf": signed_in.csrf}
    answer = await signed_in.client.post(f"/runs/{RUNNING}/stop", data=form)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/runs/{RUNNING}")
    request = await signed_in.ledger.stop_request(RUNNING, 1)
    assert request is not None
    assert request.who == "대시보드 (127.0.0.1)"
    assert request.at >= before
    assert "중단을 요청했습니다" in await signed_in.page(f"/runs/{RUNNING}")


async def test_a_run_that_does_not_run_is_not_stopped(signed_in: House) -> None:
    answer = await signed_in.client.post(f"/runs/{ENDED}/stop", data={"csrf": signed_in.csrf})
    assert answer.status_code == 409
    assert "실행 중이 아니어서" in answer.text


async def test_a_run_that_runs_is_not_resumed(signed_in: House) -> None:
    other = Owner(place="elsewhere", host="elsewhere", pid=1, born=0.0, run_id=ENDED)
    await signed_in.ledger.acquire(f"run:{ENDED}", other, 600.0)
    answer = await signed_in.client.post(f"/runs/{ENDED}/resume", data={"csrf": signed_in.csrf})

    assert answer.status_code == 409
    assert "이미 실행 중이어서" in answer.text
    assert "elsewhere (pid 1" in answer.text


async def test_nothing_is_resumed_without_an_accounts_file(signed_in: House) -> None:
    answer = await signed_in.client.post(f"/runs/{ENDED}/resume", data={"csrf": signed_in.csrf})
    assert answer.status_code == 409
    assert "accounts_file" in answer.text


@pytest.mark.parametrize("path", WAYS_OUT)
async def test_no_path_leads_out_of_the_tree(signed_in: House, path: str) -> None:
    root = signed_in.settings.logs.folder
    (root / "ledger.sqlite3").write_text("secret-canary", encoding="utf-8")
    request = httpx.Request("GET", f"http://127.0.0.1:8770/files/{path}")
    request.headers["cookie"] = cookie_of(signed_in)
    answer = await signed_in.client.send(request)
    assert answer.status_code in (404, 307)
    assert "secret-canary" not in answer.text


async def test_links_out_of_the_tree_are_not_followed(signed_in: House) -> None:
    folders = RunFolders(root=signed_in.settings.logs.folder, stamp=ENDED)
    secret = signed_in.settings.logs.folder / "secret"
    secret.write_text("secret-canary", encoding="utf-8")
    (folders.accounts / "link.log").symlink_to(secret)
    assert (await signed_in.client.get(f"/files/accounts/{ENDED}/link.log")).status_code == 404


async def test_files_are_no_programs(signed_in: House) -> None:
    root = signed_in.settings.logs.folder
    report = root / "reports" / ENDED / f"summary_report_{ENDED}.html"
    report.write_text("<script>alert(1)</script>", encoding="utf-8")
    page = await signed_in.client.get(f"/files/reports/{ENDED}/{report.name}")
    saved = await signed_in.client.get(f"/files/evidence/{ENDED}/{BAD}/1_page.html")
    log = await signed_in.client.get(f"/files/accounts/{ENDED}/{BAD}.log")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert (
        saved.headers["content-type"] == log.headers["content-type"] == "text/plain; charset=utf-8"
    )
    assert "sandbox" in saved.headers["content-security-policy"]


async def test_every_answer_is_locked_down(signed_in: House) -> None:
    for path in ("/", "/sign-in", "/health", "/nowhere", "/static/dashboard.js", "/settings"):
        headers = (await signed_in.client.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'"), path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


async def test_pages_hold_no_script_or_style_of_their_own(signed_in: House) -> None:
    for path in (
        "/",
        f"/runs/{RUNNING}",
        f"/runs/{RUNNING}/account?id={BAD}",
        "/search",
        "/settings",
    ):
        tags = Tags(await signed_in.page(path)).found
        scripts = [attributes for tag, attributes in tags if tag == "script"]
        assert scripts == [{"type": "module", "src": "/static/dashboard.js"}]
        names = {name for _, attributes in tags for name in attributes}
        assert {name for name in names if name.startswith("on")} == set()
        assert "style" not in names | {tag for tag, _ in tags}


async def test_a_form_that_is_too_large_is_refused(house: House) -> None:
    answer = await house.client.post("/sign-in", data={"token": "x" * 20_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/runs/1?page=2", "/runs/1?page=2"),
        ("//evil.example.com", "/"),
        ("/\\evil.example.com", "/"),
        ("https://evil.example.com", "/"),
        ("/x\r\nset-cookie: a=b", "/"),
        ("", "/"),
    ],
)
def test_one_goes_on_to_own_pages_only(text: str, path: str) -> None:
    assert own_path(text) == path
