import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from percenty_batch.browser.trace import TooBigError, write_cleaned

PASSWORD, COOKIE, TOKEN = "pa55word", "c00kie-of-the-account", "t0ken-of-the-account"
LIMIT = 1_000_000


def call(
    kind: str, file: str, *, headers: dict[str, str], cookies: dict[str, str]
) -> dict[str, Any]:
    side = {
        "headers": [{"name": name, "value": value} for name, value in headers.items()],
        "cookies": [{"name": name, "value": value} for name, value in cookies.items()],
    }
    request = side | {"postData": {"_file": f"resources/sent-{file}"}}
    response = side | {"content": {"_file": f"resources/{file}"}}
    snapshot = {"_resourceType": kind, "request": request, "response": response}
    return {"type": "resource-snapshot", "snapshot": snapshot}


TRACE = [
    {"type": "context-options", "version": 10},
    {"type": "before", "params": {"selector": "input", "value": f"{PASSWORD}!"}},
    {"type": "after", "result": {"value": "what a script returned"}},
    {"type": "frame-snapshot", "snapshot": {"html": ["HTML", {}, ["P", {}, f"{TOKEN} {COOKIE}"]]}},
    {
        "type": "frame-snapshot",
        "snapshot": {
            "html": [
                ["INPUT", {"type": "PASSWORD", "__playwright_value_": "typed", "value": "set"}],
                ["INPUT", {"type": "text", "name": "memo", "value": "메모"}],
            ]
        },
    },
]
NETWORK = [
    call(
        "fetch",
        "data.json",
        headers={"Authorization": f"Bearer {TOKEN}", "X-Odd": "short", "Host": "example.com"},
        cookies={"sid": COOKIE},
    ),
    call("stylesheet", "style.css", headers={}, cookies={}),
    call("image", "logo.png", headers={}, cookies={}),
]
FILES = {
    "resources/data.json": b'{"refresh": "in a body"}',
    "resources/sent-data.json": b'{"otp": "in a body"}',
    "resources/style.css": f"/* {PASSWORD} */".encode(),
    "resources/logo.png": b"\x89PNG\xff",
    "screencast/1.jpeg": b"\xff\xd8",
}


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    path = tmp_path / "raw.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, records in (("trace.trace", TRACE), ("trace.network", NETWORK)):
            archive.writestr(name, "\n".join(map(json.dumps, records)))
        for name, data in FILES.items():
            archive.writestr(name, data)
    return path


def mask(text: str) -> str:
    return text.replace(PASSWORD, "***")


def cleaned(raw: Path) -> dict[str, bytes]:
    path = raw.with_name("clean.zip")
    write_cleaned(raw, path, mask, LIMIT)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def records(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


def test_no_secret_is_left_anywhere(raw: Path) -> None:
    everything = b"\n".join(cleaned(raw).values()).decode(errors="replace")
    secrets = (PASSWORD, COOKIE, TOKEN, "short", "in a body", "typed", "set", "returned")
    assert [secret for secret in secrets if secret in everything] == []


def test_what_draws_the_snapshots_is_kept_and_other_bodies_are_not(raw: Path) -> None:
    files = cleaned(raw)
    assert {name for name in files if "/" in name} == {
        "resources/style.css",
        "resources/logo.png",
        "screencast/1.jpeg",
    }
    assert files["resources/logo.png"] == FILES["resources/logo.png"]


def test_all_else_stays_as_it_was(raw: Path) -> None:
    files = cleaned(raw)
    trace, network = records(files["trace.trace"]), records(files["trace.network"])
    assert trace[0] == TRACE[0]
    assert trace[1]["params"] == {"selector": "input", "value": "***!"}
    assert trace[4]["snapshot"]["html"][1] == TRACE[4]["snapshot"]["html"][1]  # type: ignore[index]
    assert network[0]["snapshot"]["request"]["headers"] == [
        {"name": "Authorization", "value": "***"},
        {"name": "X-Odd", "value": "***"},
        {"name": "Host", "value": "example.com"},
    ]


def test_a_trace_that_is_too_big_leaves_no_file(raw: Path) -> None:
    with pytest.raises(TooBigError):
        write_cleaned(raw, raw.with_name("clean.zip"), mask, 100)
    assert list(raw.parent.iterdir()) == [raw]
