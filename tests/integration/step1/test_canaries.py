"""A night of everything that goes wrong, and then a search for every secret in every file.

Passwords by value, environment and file; accounts that succeed, are refused, hang, fail on an item
and whose page prints the password; traces on; the program killed in its midst and resumed. Left
out is the state folder, which holds signed-in cookies by design: private, and without passwords.
What a screenshot shows cannot be searched. A driver outlives the program for the moment that it
takes to remove its temporary files; one that is killed as well leaves its raw traces, in a private
folder, to the next start's sweep.
"""

import base64
import csv
import gzip
import html
import io
import json
import os
import secrets
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, quote_plus

import psutil
import pytest

from percenty_batch.sandbox import Faults, SandboxAccount, SandboxSite, Shape
from percenty_batch.sandbox.record import NOT_EDITS
from tests.leaks import Search, search

_COMMAND = [sys.executable, "-m", "percenty_batch"]
_TIMEOUT_S = 120
_PLAIN = Shape(images=2, options=1)


def core() -> str:
    """What stays as it is in nearly every form, so that half a secret is found as well."""
    return secrets.token_hex(12)


def awkward(name: str) -> str:
    """A password of characters that the forms write in different ways."""
    return f"한글 {name}\"'<&>% +/\\{core()}é"


def account(name: str, *shapes: Shape, faults: Faults) -> SandboxAccount:
    return SandboxAccount(
        id=f"{name}@example.com",
        password=awkward(name),
        shapes=shapes,
        grouped=2,
        popups=0,
        faults=faults,
    )


HOSTILE = account("hostile", _PLAIN, faults=Faults(is_hostile=True))
HANGING = account("hanging", _PLAIN, faults=Faults(hangs_after=8))
LOCKED = account("locked", faults=Faults(refusal="locked"))
# Its turn comes only after the death: its page prints the password before an item fails.
LATE = account("late", _PLAIN, faults=Faults(is_hostile=True, broken_products=(0,)))
ACCOUNTS = (HOSTILE, HANGING, LOCKED, LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What the searches found after the program was killed, and after it was resumed."""

    folder: Path
    killed: Search
    temp_modes: set[int]
    resumed: Search
    state: Search
    report: dict[str, Any]


@pytest.fixture(scope="module")
def night() -> Iterator[Night]:
    # A short path: Chromium puts a socket below it.
    with tempfile.TemporaryDirectory(prefix="night-") as name, SandboxSite(accounts=ACCOUNTS) as s:
        yield _night(Path(name), s)


def _night(folder: Path, site: SandboxSite) -> Night:
    for each in ("temp", "private"):
        (folder / each).mkdir()
    options = _options(folder, site.url)
    logs, temp, state = folder / "logs", folder / "temp", folder / "state"
    with (folder / "output.txt").open("wb") as output:
        _kill_amid(_start(folder, output, "run", "--step", "1", *options), site)
        left = search([logs, temp], _secrets(site))
        modes = {stat.S_IMODE(each.stat().st_mode) for each in temp.iterdir()}
        resumed = _start(folder, output, "resume", *options)
        resumed.wait(_TIMEOUT_S)
    reports = list(logs.glob("reports/*/batch_report_*.json"))
    assert reports, (folder / "output.txt").read_text(encoding="utf-8", errors="replace")
    return Night(
        folder=folder,
        killed=left,
        temp_modes=modes,
        resumed=search([logs, temp, folder / "output.txt"], _secrets(site)),
        state=search([state], _passwords()),
        report=json.loads(reports[0].read_text(encoding="utf-8")),
    )


def _options(folder: Path, url: str) -> list[str]:
    """Write the account file, and the options that use it."""
    file = folder / "private" / "accounts.csv"
    (folder / "private" / "locked.txt").write_text(LOCKED.password, encoding="utf-8")
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(
            [
                ("id", "password", "password_env", "password_file"),
                (HOSTILE.id, "", "PERCENTY_HOSTILE", ""),
                (HANGING.id, HANGING.password, "", ""),
                (LOCKED.id, "", "", "locked.txt"),
                (LATE.id, LATE.password, "", ""),
            ]
        )
    logs = str(folder / "logs")
    figures = ["--quantity", "1", "--concurrency", "2"]
    return ["--logs-dir", logs, "--accounts", str(file), "--base-url", url, *figures]


def _start(folder: Path, output: BinaryIO, *args: str) -> "subprocess.Popen[bytes]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PERCENTY_")}
    environ = {
        "PERCENTY_HOSTILE": HOSTILE.password,
        "PERCENTY_STATE__FOLDER": str(folder / "state"),
        "PERCENTY_LOGS__LEVEL": "debug",
        "PERCENTY_EVIDENCE__SHOULD_TRACE": "true",
        "PERCENTY_JOBS__MAX_ATTEMPTS": "1",
        "PERCENTY_SITE__ACTION_TIMEOUT_S": "5",
        "PERCENTY_SITE__SIGN_IN_TIMEOUT_S": "10",
        "TMPDIR": str(folder / "temp"),
    }
    return subprocess.Popen(
        [*_COMMAND, *args], env={**kept, **environ}, stdout=output, stderr=output
    )


def _kill_amid(process: "subprocess.Popen[bytes]", site: SandboxSite) -> None:
    """Kill the program while the hostile account is at work, and let its driver end."""
    patient_until = time.monotonic() + _TIMEOUT_S
    while process.poll() is None and not _is_amid(site):
        assert time.monotonic() < patient_until
        time.sleep(0.02)  # the site tells nobody
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []


def _is_amid(site: SandboxSite) -> bool:
    begun = {change.account for change in site.record if change.what not in NOT_EDITS}
    return HOSTILE.id in begun


def _passwords() -> dict[str, str]:
    whole = {each.id: each.password for each in ACCOUNTS}
    return whole | {f"core of {name}": text[-25:-1] for name, text in whole.items()}


def _secrets(site: SandboxSite) -> dict[str, str]:
    """Every password, and every token that the site has given out."""
    return _passwords() | {f"token {token[:4]}": token for token in site._store._sessions}


def test_the_night_was_as_bad_as_it_should_be(night: Night) -> None:
    entries = {entry["account"]: entry for entry in night.report["accounts"]}
    assert {name: entry["status"] for name, entry in entries.items()} == {
        HOSTILE.id: "succeeded",
        HANGING.id: "failed",
        LOCKED.id: "failed",
        LATE.id: "failed",
    }
    printed = [
        line
        for path in night.folder.glob("logs/accounts/*/hostile*.log")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "login payload" in line
    ]
    assert printed
    assert all('"password":"***"' in line for line in printed)


def test_no_secret_is_in_any_file_after_the_night(night: Night) -> None:
    for each in (night.killed, night.resumed):
        sys.stdout.write(f"{len(each.hits)} hits of {len(each.files)} files\n")
    kinds = {Path(name.partition("!")[0]).suffix for name in night.resumed.files}
    assert {".log", ".md", ".json", ".sqlite3", ".zip", ".png", ".html", ".txt"} <= kinds
    assert night.resumed.hits == ()


def test_no_secret_is_in_what_a_program_that_was_killed_leaves(night: Night) -> None:
    assert any(name.endswith("-wal") for name in night.killed.files)
    assert night.killed.hits == ()
    assert night.temp_modes == {0o700}


def test_stored_sign_ins_are_private_and_hold_no_password(night: Night) -> None:
    assert night.state.files
    assert night.state.hits == ()
    for name in night.state.files:
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
        assert stat.S_IMODE(Path(name).parent.stat().st_mode) == 0o700


def _zipped(secret: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", f"x{secret}x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("form", "plant"),
    [
        ("plain", lambda secret: f"비밀번호: {secret}!".encode()),
        ("plain", _zipped),
        ("plain", lambda secret: gzip.compress(secret.encode())),
        ("url", lambda secret: f"?p={quote(secret)}&x".encode()),
        ("url", lambda secret: f"?p={quote_plus(secret)}&x".encode()),
        ("url", lambda secret: f"?p={quote(secret, safe='').lower()}&x".encode()),
        ("json", lambda secret: json.dumps({"p": secret}).encode()),
        ("json", lambda secret: json.dumps({"p": secret}, ensure_ascii=False).encode()),
        ("json", lambda secret: json.dumps(json.dumps({"p": secret})).encode()),
        ("html", lambda secret: f"<b>{html.escape(secret)}</b>".encode()),
        ("html", lambda secret: html.escape(secret).encode("ascii", "xmlcharrefreplace")),
        *(
            ("base64", lambda secret, n=n: base64.b64encode(f"{'u' * n}:{secret}:end".encode()))
            for n in range(3)
        ),
        ("base64", lambda secret: base64.urlsafe_b64encode(secret.encode())),
        ("utf-16", lambda secret: f"x{secret}x".encode("utf-16")),
        ("utf-16", lambda secret: secret.encode("utf-16-be")),
    ],
)
def test_the_search_finds_a_planted_secret(
    tmp_path: Path, form: str, plant: Callable[[str], bytes]
) -> None:
    secret = awkward("planted").lower()
    file = tmp_path / "deep" / "file"
    file.parent.mkdir()
    file.write_bytes(plant(secret))
    found = search([tmp_path], {"whose": secret, "other": awkward("other")})
    assert any(hit.endswith(f"whose, {form}") for hit in found.hits)
    assert not any("other" in hit for hit in found.hits)
