"""Signed-in states kept between runs: one private file per site and account."""

import asyncio
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TypeGuard
from urllib.parse import urlsplit

from playwright.async_api import StorageState
from structlog.typing import FilteringBoundLogger

from percenty_batch.errors import os_reason


class SignInStore:
    """Load, save and forget the browser state of an account at one site.

    The files grant access to the account: folder 0700, files 0600, names without the account.
    A state that cannot be read or written costs a new sign-in, never the work: it is logged.
    """

    def __init__(self, folder: Path, base_url: str) -> None:
        self._folder = folder / "sign_ins"  # our own, so that we may set its mode
        parts = urlsplit(base_url)
        self._origin = f"{parts.scheme}://{parts.netloc}".lower()

    def path(self, account_id: str) -> Path:
        """Return the account's file, whether it exists or not."""
        digest = hashlib.sha256(f"{self._origin}\n{account_id}".encode()).hexdigest()
        return self._folder / f"{digest}.json"

    async def load(self, account_id: str, log: FilteringBoundLogger) -> StorageState | None:
        """Return the stored state, None when there is none or none that can be used."""
        try:
            return await asyncio.to_thread(_read, self.path(account_id))
        except OSError as error:
            reason = os_reason(error)
        except ValueError:
            reason = "형식이 올바르지 않음"
        log.warning("저장된 로그인을 읽을 수 없어 새로 로그인합니다: %s", reason)
        return None

    async def save(self, account_id: str, state: StorageState, log: FilteringBoundLogger) -> None:
        """Store the state in one piece: a reader finds the old one or the new one."""
        try:
            await asyncio.to_thread(_write, self.path(account_id), state)
        except OSError as error:
            log.warning("로그인을 저장하지 못했습니다: %s", os_reason(error))

    async def forget(self, account_id: str) -> None:
        """Remove the stored state, if there is one."""
        await asyncio.to_thread(self.path(account_id).unlink, missing_ok=True)


def _read(path: Path) -> StorageState | None:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    state = json.loads(text)
    if not _is_storage_state(state):
        raise ValueError("not a storage state")
    return state


def _write(path: Path, state: StorageState) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")  # mkstemp's mode is 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(state, file, ensure_ascii=False)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _is_storage_state(value: object) -> TypeGuard[StorageState]:
    return (
        isinstance(value, dict)
        and _are_records(value.get("cookies"), "name", "value", "domain", "path")
        and _are_records(value.get("origins"), "origin")
        and all(_are_records(o.get("localStorage"), "name", "value") for o in value["origins"])
    )


def _are_records(value: object, *texts: str) -> bool:
    return isinstance(value, list) and all(
        isinstance(record, dict) and all(isinstance(record.get(text), str) for text in texts)
        for record in value
    )
