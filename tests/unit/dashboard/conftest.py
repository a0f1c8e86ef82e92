from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from percenty_batch.dashboard.access import Access
from percenty_batch.dashboard.app import make_app
from percenty_batch.dashboard.commands import OwnCommand, Resumer
from percenty_batch.dashboard.reading import Reader
from percenty_batch.dashboard.streams import Streams
from percenty_batch.ledger import Ledger, MemoryLedger
from percenty_batch.settings import Settings
from tests.unit.dashboard.worlds import fill

TOKEN = "a-token-of-the-tests"


class StillClock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass(slots=True, kw_only=True)
class House:
    """A dashboard over a ledger in memory and a log folder, and a browser without scripts."""

    ledger: Ledger
    settings: Settings
    reader: Reader
    client: httpx.AsyncClient
    streams: Streams
    clock: StillClock
    csrf: str = field(default="")

    async def sign_in(self, token: str = TOKEN) -> httpx.Response:
        answer = await self.client.post("/sign-in", data={"token": token})
        if answer.status_code == 303:
            page = await self.client.get("/")
            self.csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
        return answer

    async def page(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {
            "logs": {"folder": tmp_path},
            "notify": {"urls": "json://secret-canary@127.0.0.1"},
            "dashboard": {"token": TOKEN, "allowed_hosts": "dash.example.com"},
        }
    )


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    """Nobody is signed in yet."""
    ledger, streams, clock = MemoryLedger(), Streams(), StillClock()
    await fill(ledger, settings.logs.folder, datetime.now(UTC))
    command = OwnCommand(settings_file=None, logs_folder=settings.logs.folder, accounts_file=None)
    reader = Reader(ledger, settings)
    app = make_app(
        reader,
        settings,
        access=Access(TOKEN, clock),
        command=command,
        resumer=Resumer(command),
        streams=streams,
        hosts=settings.dashboard.allowed_hosts,
    )
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8770") as client:
        yield House(
            ledger=ledger,
            settings=settings,
            reader=reader,
            client=client,
            streams=streams,
            clock=clock,
        )


@pytest.fixture
async def signed_in(house: House) -> House:
    assert (await house.sign_in()).status_code == 303
    return house
