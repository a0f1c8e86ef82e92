import json
import stat
import sys
from pathlib import Path
from typing import cast

import pytest
import structlog
from playwright.async_api import StorageState
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from percenty_batch.browser import SignInStore

SITE = "https://www.percenty.co.kr/signin"
STATE = cast(
    "StorageState",
    {
        "cookies": [{"name": "sid", "value": "가나", "domain": "percenty.co.kr", "path": "/"}],
        "origins": [
            {"origin": "https://www.percenty.co.kr", "localStorage": [{"name": "t", "value": "1"}]}
        ],
    },
)


@pytest.fixture
def capture() -> LogCapture:
    return LogCapture()


@pytest.fixture
def log(capture: LogCapture) -> FilteringBoundLogger:
    bound: FilteringBoundLogger = structlog.wrap_logger(
        None, processors=[capture], wrapper_class=structlog.make_filtering_bound_logger("debug")
    )
    return bound


@pytest.fixture
def store(tmp_path: Path) -> SignInStore:
    return SignInStore(tmp_path / "state", SITE)


async def test_what_was_saved_is_loaded(store: SignInStore, log: FilteringBoundLogger) -> None:
    await store.save("a@example.com", STATE, log)
    assert await store.load("a@example.com", log) == STATE


async def test_an_account_never_saved_has_no_state_and_no_warning(
    store: SignInStore, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    assert await store.load("a@example.com", log) is None
    assert capture.entries == []


async def test_a_forgotten_state_is_gone_and_forgetting_twice_is_fine(
    store: SignInStore, log: FilteringBoundLogger
) -> None:
    await store.save("a@example.com", STATE, log)
    await store.forget("a@example.com")
    await store.forget("a@example.com")
    assert await store.load("a@example.com", log) is None


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
async def test_nobody_else_may_read_it(store: SignInStore, log: FilteringBoundLogger) -> None:
    await store.save("a@example.com", STATE, log)
    path = store.path("a@example.com")
    path.parent.chmod(0o755)
    await store.save("a@example.com", STATE, log)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "\udcff",
        "{}",
        '{"cookies": [], "origins": 1}',
        '{"cookies": [{"name": "x"}], "origins": []}',
        '{"cookies": [], "origins": [{"origin": "https://example.com"}]}',
    ],
)
async def test_a_state_that_cannot_be_used_is_none_and_says_so(
    store: SignInStore, log: FilteringBoundLogger, capture: LogCapture, text: str
) -> None:
    await store.save("a@example.com", STATE, log)
    store.path("a@example.com").write_bytes(text.encode(errors="surrogateescape"))
    assert await store.load("a@example.com", log) is None
    assert [entry["log_level"] for entry in capture.entries] == ["warning"]


async def test_a_folder_that_cannot_be_written_costs_a_warning_only(
    tmp_path: Path, log: FilteringBoundLogger, capture: LogCapture
) -> None:
    (tmp_path / "file").write_text("in the way")
    await SignInStore(tmp_path / "file", SITE).save("a@example.com", STATE, log)
    assert [entry["log_level"] for entry in capture.entries] == ["warning"]


async def test_a_write_that_fails_leaves_the_old_state_and_no_rest(
    store: SignInStore, log: FilteringBoundLogger
) -> None:
    await store.save("a@example.com", STATE, log)
    with pytest.raises(TypeError):
        await store.save("a@example.com", cast("StorageState", {"cookies": object()}), log)
    path = store.path("a@example.com")
    assert json.loads(path.read_text(encoding="utf-8")) == STATE
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("account_id", ["../../etc/passwd", "a/b", "a\0b", "CON", "가" * 300, ""])
async def test_no_account_id_leaves_the_folder(
    store: SignInStore, log: FilteringBoundLogger, account_id: str
) -> None:
    await store.save(account_id, STATE, log)
    folder = store.path("a@example.com").parent
    assert store.path(account_id).resolve().parent == folder.resolve()
    assert await store.load(account_id, log) == STATE


def test_each_site_and_account_has_its_own_file(tmp_path: Path) -> None:
    paths = {
        SignInStore(tmp_path, site).path(account_id)
        for site in ("https://example.com/x", "https://example.com:444", "http://example.com")
        for account_id in ("a@example.com", "A@example.com")
    }
    assert len(paths) == 6


def test_the_page_of_the_site_makes_no_difference(tmp_path: Path) -> None:
    here = SignInStore(tmp_path, "https://Example.com/signin?x=1")
    there = SignInStore(tmp_path, "https://example.com")
    assert here.path("a@example.com") == there.path("a@example.com")
