"""The channels of the settings: named without their addresses, which are secrets."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl, unquote, urlsplit

from percenty_batch.errors import InputError
from percenty_batch.notify import sender
from percenty_batch.settings import NotifySettings

_SHORTEST_SECRET = 8
_CHECK_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One address. `name` may be shown (`mailto 1`); `key` names it in the ledger."""

    name: str
    key: str
    url: str = field(repr=False)


def channels_of(settings: NotifySettings) -> tuple[Channel, ...]:
    """Check all addresses. Blocking, for a second where there are any.

    Raises InputError that names them by scheme and place only.
    """
    urls = [url.get_secret_value() for url in settings.urls]
    if not urls:
        return ()
    channels = [_channel(number, url) for number, url in enumerate(urls, start=1)]
    are_good = zip(channels, _are_addresses(urls), strict=True)
    bad = [channel.name for channel, is_good in are_good if not is_good]
    if bad:
        raise InputError(f"notify.urls: 쓸 수 없는 알림 주소입니다: {', '.join(bad)}")
    return tuple({channel.key: channel for channel in channels}.values())


def secrets_of(urls: Iterable[str]) -> Iterator[str]:
    """Give what must not be shown of addresses: all of it, and each part that may be a token.

    An e-mail address in it is none: accounts have such names, too.
    """
    for url in urls:
        yield url
        parts = urlsplit(url)
        if parts.password:
            yield unquote(parts.password)
        words = [*parts.path.split("/"), *(value for _, value in parse_qsl(parts.query))]
        words += [parts.username or "", parts.netloc.rpartition("@")[2]]
        for word in map(unquote, words):
            if len(word) >= _SHORTEST_SECRET and not any(char in word for char in "@."):
                yield word


def _are_addresses(urls: Sequence[str]) -> list[bool]:
    """Ask in a process of its own: the library is large and does as it likes with the process."""
    command = [sys.executable, "-I", sender.__file__]
    try:
        asked = json.dumps({"urls": urls}).encode()
        ran = subprocess.run(  # noqa: S603 - ourselves
            command, input=asked, capture_output=True, timeout=_CHECK_S, check=True
        )
        answer: list[bool] = json.loads(ran.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        # Not chained: the cause would show the addresses.
        raise InputError("notify.urls: 알림 주소를 점검하지 못했습니다 (apprise)") from None
    return answer


def _channel(number: int, url: str) -> Channel:
    scheme = url.partition("://")[0] if "://" in url else "?"
    shown = scheme if scheme.isalnum() else "?"
    return Channel(name=f"{shown} {number}", key=sha256(url.encode()).hexdigest()[:16], url=url)
