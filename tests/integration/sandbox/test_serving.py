"""The sandbox as a server: ports, and an end that leaves nothing behind."""

import signal
import socket
import subprocess
import sys
import threading

import httpx
import pytest

from percenty_batch.sandbox import Faults, SandboxAccount, SandboxSite, serve

ACCOUNT = SandboxAccount(id="a@example.com", password="pw", faults=Faults(hangs_after=0))
BODY = b'{"email": "a@example.com", "password": "pw"}'
REQUEST = b"POST /api/sign-in HTTP/1.1\r\nhost: sandbox\r\ncontent-length: %d\r\n\r\n%b" % (
    len(BODY),
    BODY,
)


def test_a_site_answers_while_its_block_is_open_and_no_longer() -> None:
    with SandboxSite(accounts=[ACCOUNT]) as site:
        assert httpx.get(f"{site.url}/sandbox/health").json() == {"status": "ok", "changes": 0}

    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{site.url}/sandbox/health")
    assert "sandbox" not in {thread.name for thread in threading.enumerate()}


def test_stopping_lets_unanswered_calls_go() -> None:
    with SandboxSite(accounts=[ACCOUNT], latency_ms=0) as site:
        address = ("127.0.0.1", int(site.url.rpartition(":")[2]))
        with socket.create_connection(address) as caller:
            caller.sendall(REQUEST)
            httpx.get(f"{site.url}/sandbox/health")  # by now the call has come in, and hangs
            site.stop()
            answer = caller.recv(4096)

    assert answer.startswith(b"HTTP/1.1 503 ")


def test_a_port_in_use_is_an_error_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        serve(taken.getsockname()[1], accounts=[ACCOUNT])


def test_a_foreground_site_tells_its_address_and_ends_at_ctrl_c() -> None:
    program = (
        "from percenty_batch.sandbox import demo_accounts, serve\n"
        "serve(0, accounts=demo_accounts(), on_ready=lambda url: print(url, flush=True))"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert httpx.get(f"{url}/sandbox/health").status_code == 200
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
