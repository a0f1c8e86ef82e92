import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from percenty_batch.dashboard.forms import read_rows, written_rows
from percenty_batch.dashboard.standing import Standing, pace_of
from percenty_batch.dashboard.streams import encoded
from percenty_batch.logs import RunFolders
from tests.unit.dashboard.conftest import House
from tests.unit.dashboard.worlds import BUSY, ENDED, RUNNING, hold, item, job_of


def read(text: str) -> list[tuple[str, Any]]:
    """Read events as a browser does."""
    blocks = [block.split("\n") for block in text.split("\n\n") if "data: " in block]
    return [
        (block[0].removeprefix("event: "), json.loads(block[1].removeprefix("data: ")))
        for block in blocks
    ]


@pytest.mark.parametrize("text", ["a\nb", "a\r\nevent: x", "\u2028\u0085", "\ud800", "</script>"])
def test_no_text_ends_an_event_or_begins_another(text: str) -> None:
    data = encoded(("lines", {"text": text}))
    assert data.count(b"\n") == 3
    assert read(data.decode()) == [("lines", {"text": text})]


async def test_a_run_that_has_ended_is_told_once_and_the_stream_ends(signed_in: House) -> None:
    answer = await signed_in.client.get(f"/runs/{ENDED}/events?rows=0-1")

    assert answer.headers["content-type"].startswith("text/event-stream")
    (figures, told), (rows, of_rows), (end, state) = read(answer.text)
    assert (figures, rows, end) == ("figures", "rows", "end")
    assert told["done"] == "5"
    assert [*of_rows] == ["0", "1"]
    assert of_rows["0"]["kind"] == "succeeded"
    assert state == "부분 성공"


async def test_only_what_has_changed_is_told(
    signed_in: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0

    async def wait(_seconds: float) -> bool:
        nonlocal looks
        looks += 1
        if looks == 1:
            job = await job_of(signed_in.ledger, RUNNING, BUSY)
            await signed_in.ledger.record_item(job, item(9), datetime.now(UTC))
        elif looks == 2:
            await signed_in.ledger.release(await hold(signed_in.ledger))
        signed_in.reader.forget(RUNNING)
        return True

    monkeypatch.setattr(signed_in.streams, "wait", wait)
    events = read((await signed_in.client.get(f"/runs/{RUNNING}/events?rows=2-3")).text)

    (_, first), (_, first_rows), (_, second), (_, second_rows), *_, (name, _end) = events
    assert [*first_rows] == ["2", "3"]
    assert first["done"] == "8"
    assert second["done"] == "9"
    assert "requested" not in second
    assert [*second_rows] == ["3"]
    assert second_rows["3"]["value"] == 4
    assert second_rows["3"]["cells"]["failed"] == "0"  # one is in flight
    assert name == "end"


async def test_a_log_is_followed_until_nobody_works_at_the_run(
    signed_in: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = RunFolders(root=signed_in.settings.logs.folder, stamp=RUNNING).account_log(BUSY)
    looks = 0

    async def wait(_seconds: float) -> bool:
        nonlocal looks
        looks += 1
        if looks == 1:
            with log.open("a", encoding="utf-8") as file:
                file.write("2026-11-27 02:32:00,000 - ERROR - [x] <script>\n")
        elif looks == 2:
            await signed_in.ledger.release(await hold(signed_in.ledger))
        return True

    monkeypatch.setattr(signed_in.streams, "wait", wait)
    address = f"/runs/{RUNNING}/events"
    answer = await signed_in.client.get(address, params={"account": BUSY})

    (_, first), (_, second), (name, end) = read(answer.text)
    assert first["anew"] is True
    assert first["lines"][0]["text"].endswith("<b>첫 줄</b>")
    assert second == {
        "anew": False,
        "lines": [{"level": "error", "text": "2026-11-27 02:32:00,000 - ERROR - [x] <script>"}],
    }
    assert (name, end) == ("end", "실행이 끝났습니다")


async def test_a_stream_ends_with_the_server(signed_in: House) -> None:
    signed_in.streams.stopping.set()
    events = read((await signed_in.client.get(f"/runs/{RUNNING}/events?rows=0")).text)
    assert [name for name, _ in events] == ["figures", "rows"]
    assert signed_in.streams.open_count == 0


async def test_there_are_never_too_many_streams(signed_in: House) -> None:
    signed_in.streams.open_count = 64
    assert (await signed_in.client.get(f"/runs/{RUNNING}/events")).status_code == 503


async def test_a_log_of_nobody_is_not_followed(signed_in: House) -> None:
    answer = await signed_in.client.get(f"/runs/{RUNNING}/events?account=../../x")
    assert answer.status_code == 404


@pytest.mark.parametrize("rows", [(), (0,), (0, 1, 2), (1, 3, 4, 5, 9), tuple(range(200))])
def test_rows_are_read_as_they_were_written(rows: tuple[int, ...]) -> None:
    assert read_rows(written_rows(rows)) == rows


@pytest.mark.parametrize("text", ["", "x", "-1", "5-2", "1-99999999999", "٣", "0-" + "9" * 400])
def test_rows_that_are_none_are_left_out(text: str) -> None:
    assert len(read_rows(text)) <= 500


async def test_the_speed_is_that_of_the_last_minutes(signed_in: House) -> None:
    now = datetime.now(UTC)
    progress = await signed_in.ledger.progress(RUNNING, now - timedelta(minutes=10))
    assert progress is not None
    pace = pace_of(
        Standing(progress=progress, holder=None, stop=None, read_at=now), timedelta(minutes=10)
    )

    assert pace.per_minute == pytest.approx(0.3)  # 3 items in 10 minutes
    assert pace.left_items == 6
    assert pace.left_s == pytest.approx(1200)
