from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


@pytest.fixture
def healthy_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(settings: object) -> str:
        return "있음"

    monkeypatch.setattr("percenty_batch.cli.doctor._browser", found)
    monkeypatch.setattr("percenty_batch.cli.doctor._site", found)


@pytest.fixture(autouse=True)
def own_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PERCENTY_STATE__FOLDER", str(tmp_path / "state"))


def test_each_part_has_its_line_and_all_good_is_exit_code_0(
    command: Command, healthy_browser: None
) -> None:
    ran = command("doctor")

    names = [line.split(":")[0] for line in ran.out.splitlines()]
    assert ran.code == 0
    assert names == [
        "✅ 설정과 계정",
        "✅ 로그 폴더",
        "✅ 상태 폴더",
        "✅ 브라우저",
        "✅ 사이트",
    ]


def test_looking_at_folders_leaves_nothing_behind(
    command: Command, healthy_browser: None, tmp_path: Path
) -> None:
    command("doctor", "--logs-dir", "deep/er/logs")

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["work"]


def test_a_folder_that_cannot_be_written_is_exit_code_3(
    command: Command, healthy_browser: None
) -> None:
    Path("file").touch()

    ran = command("doctor", "--logs-dir", "file/logs")

    assert ran.code == 3
    assert "❌ 로그 폴더: file/logs: 쓸 수 없습니다" in ran.out


def test_bad_settings_and_accounts_are_told_line_by_line(
    command: Command, healthy_browser: None
) -> None:
    Path("a.csv").write_text("id,password\n,\n", encoding="utf-8")
    Path("percenty_batch.toml").write_text('accounts_file = "a.csv"\n', encoding="utf-8")
    ran = command("doctor")
    assert ran.code == 3
    assert "❌ 설정과 계정: a.csv: 계정이 하나도 없습니다" in ran.out

    Path("percenty_batch.toml").write_text("quantity = 0\n", encoding="utf-8")
    ran = command("doctor")
    assert (ran.code, len(ran.out.splitlines())) == (3, 1)
    assert ran.out.startswith("❌ 설정과 계정: percenty_batch.toml: quantity: 0보다 커야 합니다")


def test_a_browser_that_does_not_exist_is_told(command: Command) -> None:
    ran = command("doctor", "--browser", "no-such-browser")

    assert ran.code == 3
    assert "❌ 브라우저: " in ran.out
    assert "no-such-browser" in ran.out
