"""How often, and after how much silence of the site, a list is looked at that may be stale."""

import asyncio
import itertools
from collections.abc import Iterator

_FIRST_SILENCE_S = 0.1
_LEAST_LOOKS = 3  # on a busy machine a single one may take all the time there is


def silences(patience_s: float) -> Iterator[float]:
    """Yield, for each look at the list, the seconds of silence before it: 0.1, then twice as many.

    Ends when the next one would not fit into the patience, though never before the third.
    """
    now = asyncio.get_running_loop().time
    give_up_at = now() + patience_s
    for look in itertools.count():
        silence_s = _FIRST_SILENCE_S * 2**look
        if look >= _LEAST_LOOKS and now() + silence_s > give_up_at:
            return
        yield silence_s
