"""The installed `percenty-batch dashboard`: who gets in, what it finds, and how it ends."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

COMMAND = Path(sys.executable).with_name("percenty-batch")
TIMEOUT_S = 60
LINE = "2026-11-27 02:30:00,000 - ERROR - [a@example.com] 로그인 실패\n"


def environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PERCENTY_")}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def test_it_serves_who_has_the_token_and_ends_at_a_signal(tmp_path: Path) -> None:
    log = tmp_path / "logs/accounts/20261127_023000/a@example.com.log"
    log.parent.mkdir(parents=True)
    log.write_text(LINE, encoding="utf-8")
    process = subprocess.Popen(
        [str(COMMAND), "dashboard", "--port", "0"],
        cwd=tmp_path,
        env=environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    address = process.stdout.readline()
    token = process.stdout.readline().split("#token=")[1].strip()
    url = re.findall(r"http://127\.0\.0\.1:[0-9]+", address)[0]
    with httpx.Client(base_url=url, timeout=TIMEOUT_S, trust_env=False) as client:
        assert client.get("/health").text == "ok"
        assert client.get("/").status_code == 401
        assert client.get("/metrics").status_code == 401
        assert client.post("/sign-in", data={"token": "wrong"}).status_code == 401
        assert client.post("/sign-in", data={"token": token}).status_code == 303
        assert "아직 실행이 없습니다" in client.get("/").text
        assert client.get("/metrics").status_code == 200
        found = client.get("/search", params={"words": "로그인 --json", "level": "error"}).text
        assert "찾은 줄 0개" in found  # `--json` is a word
        found = client.get("/search", params={"words": "로그인 실패", "level": "error"}).text
        assert "찾은 줄 1개" in found
        assert LINE.strip() in found

    process.send_signal(signal.SIGTERM)
    stdout, stderr = process.communicate(timeout=TIMEOUT_S)

    assert (process.returncode, stdout, stderr) == (143, "", "")
    left = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(token.encode() in each for each in left)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--logs-dir", "nowhere"), 2, "--logs-dir nowhere: 없는 폴더입니다"),
        (("--port", "70000"), 2, "--port"),
        (("--logs-dir", ".", "--host", "203.0.113.1"), 3, "열 수 없습니다"),
    ],
)
def test_what_cannot_be_served_is_refused(
    tmp_path: Path, args: tuple[str, ...], code: int, said: str
) -> None:
    ended = subprocess.run(
        [str(COMMAND), "dashboard", *args],
        cwd=tmp_path,
        env=environ(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (code, "")
    assert said in ended.stderr
