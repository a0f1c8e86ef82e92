"""The installed command as users call it; what needs no browser."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "percenty_batch"]


def environ(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PERCENTY_")}
    return {**kept, **more}


def run(*args: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *args],
        cwd=cwd,
        env=environ(**more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def sandbox(port: int, *args: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*COMMAND, "sandbox", "--port", str(port), *args],
        cwd=cwd,
        env=environ(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def listening_to_ctrl_c() -> Iterator[None]:
    """Start children that hear SIGINT, even where a shell has us in the background, deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def announced_line(process: subprocess.Popen[str], start: str) -> str:
    assert process.stdout is not None
    return next(line for line in process.stdout if line.startswith(start))


def test_an_input_error_is_told_without_a_traceback_and_leaves_nothing(tmp_path: Path) -> None:
    done = run("run", "--step", "1", "--accounts", "no.csv", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr == "오류: no.csv: 계정 파일을 읽을 수 없습니다 (없음)\n"
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_variable_is_refused_but_not_one_with_a_password(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,password_env\na@example.com,PERCENTY_PW\n")

    good = run("accounts", "--accounts", "a.csv", cwd=tmp_path, PERCENTY_PW="x")
    bad = run("accounts", "--accounts", "a.csv", cwd=tmp_path, PERCENTY_PW="x", PERCENTY_QTY="1")

    assert good.returncode == 0
    assert bad.returncode == 2
    assert "PERCENTY_QTY" in bad.stderr


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("cp949", b"\\u2705"), ("ascii", "✅".encode()), ("utf-8", "✅".encode())],
)
def test_a_console_that_lacks_characters_never_breaks_a_command(
    tmp_path: Path, encoding: str, mark: bytes
) -> None:
    (tmp_path / "a.csv").write_text("id,password\na@example.com,x\n")

    done = subprocess.run(
        [*COMMAND, "accounts", "check", "a.csv"],
        cwd=tmp_path,
        env=environ(PYTHONIOENCODING=encoding),
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0
    assert done.stdout.startswith(mark)


def test_the_sandbox_writes_its_accounts_and_prints_its_record(tmp_path: Path) -> None:
    port = free_port()
    with sandbox(port, "--write-accounts", "a.csv", cwd=tmp_path) as process:
        assert f"http://127.0.0.1:{port}" in announced_line(process, "연습용 사이트")
        checked = run("accounts", "check", "a.csv", cwd=tmp_path)
        record = run("sandbox", "--port", str(port), "--record", cwd=tmp_path)

    assert (checked.returncode, record.returncode) == (0, 0)
    assert [json.loads(line) for line in record.stdout.splitlines()] == []


def test_a_taken_port_and_a_silent_one_are_exit_code_3(tmp_path: Path) -> None:
    port = free_port()
    silent = run("sandbox", "--port", str(port), "--record", cwd=tmp_path)
    with sandbox(port, cwd=tmp_path) as process:
        announced_line(process, "연습용 사이트")
        taken = run("sandbox", "--port", str(port), cwd=tmp_path)

    assert (silent.returncode, taken.returncode) == (3, 3)
    assert silent.stderr == f"오류: --port {port}: 연습용 사이트가 응답하지 않습니다\n"
    assert taken.stderr.startswith(f"오류: --port {port}: 열 수 없습니다")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(
    ("number", "codes"), [(signal.SIGINT, {130}), (signal.SIGTERM, {143, -signal.SIGTERM})]
)
def test_the_sandbox_ends_at_once_when_it_is_interrupted(
    tmp_path: Path, number: signal.Signals, codes: set[int]
) -> None:
    with listening_to_ctrl_c(), sandbox(free_port(), cwd=tmp_path) as process:
        announced_line(process, "연습용 사이트")
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)

    assert process.returncode in codes
    assert "Traceback" not in errors
