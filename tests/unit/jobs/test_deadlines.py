import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.errors import InputError
from percenty_batch.jobs.deadlines import parse_deadline

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
NOON = datetime(2024, 12, 1, 12, 0, tzinfo=UTC)
KOREA = "KST-9"
BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands in another time zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("90m", 90 * 60),
        ("1h", HOUR_S),
        ("7h30m", 7.5 * HOUR_S),
        ("1h0m1s", HOUR_S + 1),
        (" 2h ", 2 * HOUR_S),
        ("168h", 7 * DAY_S),
    ],
)
def test_a_duration_is_so_many_seconds(text: str, seconds: float) -> None:
    assert parse_deadline(text, NOON) == seconds


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=7)))
def test_every_duration_of_up_to_a_week_can_be_written(duration: timedelta) -> None:
    seconds = int(duration.total_seconds())
    text = f"{seconds // 3600}h{seconds // 60 % 60}m{seconds % 60}s"
    assert parse_deadline(text, NOON) == seconds


FORM = "시각(06:00) 또는 시간(7h30m, 90m, 45s)이어야 합니다"
LENGTH = "0초보다 길고 7일 이하여야 합니다"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *((text, FORM) for text in ("", " ", "soon", "90", "30m7h", "-5m", "1.5h", "1d", "1h\n2")),
        *((text, FORM) for text in ("24:00", "6:0", "06:60", "06:00:00", "-6:00", "٦:٠٠", "٣h")),
        *((text, LENGTH) for text in ("0s", "0h0m", "168h1s", "999999h")),
    ],
)
def test_anything_else_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_deadline(text, NOON)
    assert str(caught.value) == f"--deadline {text!r}: {said}"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("zone", [KOREA], indirect=True)
@pytest.mark.parametrize(
    ("now", "text", "hours"),
    [
        ("2024-12-01T22:00+09:00", "06:00", 8),
        ("2024-12-01T05:00+09:00", "06:00", 1),
        ("2024-12-01T05:00+09:00", "6:00", 1),
        ("2024-12-01T06:00+09:00", "06:00", 24),
        ("2024-12-01T13:30+09:00", "00:00", 10.5),
        ("2024-12-31T23:30+09:00", "00:00", 0.5),
        ("2024-12-01T13:00+00:00", "06:00", 8),
        ("2024-12-02T02:00+14:00", "22:00", 1),  # still the first of December in Korea
    ],
)
@pytest.mark.usefixtures("zone")
def test_a_clock_time_is_the_next_of_its_kind_where_the_machine_stands(
    now: str, text: str, hours: float
) -> None:
    assert parse_deadline(text, datetime.fromisoformat(now)) == hours * HOUR_S


@pytest.mark.parametrize("zone", [BERLIN], indirect=True)
@pytest.mark.parametrize(
    ("now", "text", "hours"),
    [
        ("2024-03-30T22:00+01:00", "06:00", 7),  # the night has an hour less
        ("2024-10-26T22:00+02:00", "06:00", 9),  # the night has an hour more
        ("2024-10-27T00:00+02:00", "02:30", 2.5),  # comes twice: the first
        ("2024-10-27T02:45+02:00", "02:30", 24.75),
        ("2024-03-31T00:00+01:00", "02:30", 2.5),  # does not come: as if it did
    ],
)
@pytest.mark.usefixtures("zone")
def test_summer_time_is_taken_into_account(now: str, text: str, hours: float) -> None:
    assert parse_deadline(text, datetime.fromisoformat(now)) == hours * HOUR_S


moments = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours))),
)


@given(moments, st.integers(0, 23), st.integers(0, 59))
def test_a_clock_time_is_always_ahead_and_shown_by_the_machines_clock(
    now: datetime, hour: int, minute: int
) -> None:
    seconds = parse_deadline(f"{hour:02}:{minute:02}", now)
    assert 0 < seconds <= DAY_S + HOUR_S
    then = (now + timedelta(seconds=seconds)).astimezone()
    assert then.minute == minute
