"""`--deadline`: when a run must end."""

import re
from datetime import datetime, time, timedelta

from percenty_batch.errors import InputError

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_DURATION = re.compile(r"(?=.)(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?")
_LONGEST = timedelta(days=7)


def parse_deadline(text: str, now: datetime) -> float:
    """Return the seconds from `now`, which is aware, to `06:00` or of `7h30m`, `90m`, `45s`.

    A clock time is the next such time of the machine's zone, so that it is right across a change
    to or from summer time. Raises InputError with one line for everything else.
    """
    wanted = text.strip()
    if clock := _CLOCK.fullmatch(wanted):
        return _until(time(int(clock[1]), int(clock[2])), now)
    parts = _DURATION.fullmatch(wanted)
    if parts is None:
        raise InputError(
            f"--deadline {text!r}: 시각(06:00) 또는 시간(7h30m, 90m, 45s)이어야 합니다"
        )
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    duration = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if not timedelta() < duration <= _LONGEST:
        raise InputError(f"--deadline {text!r}: 0초보다 길고 {_LONGEST.days}일 이하여야 합니다")
    return duration.total_seconds()


def _until(clock: time, now: datetime) -> float:
    """Seconds to the next such time. In an hour that comes twice, the first; in one that is left
    out, as if it were not."""
    today = now.astimezone().date()
    days = (datetime.combine(today + timedelta(days=ahead), clock) for ahead in (0, 1))
    return next(left for day in days if (left := day.timestamp() - now.timestamp()) > 0)
