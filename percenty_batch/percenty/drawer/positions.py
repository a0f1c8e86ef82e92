"""Where images are and what is to be done to which, as pure functions."""

from collections.abc import Sequence


def keys_to_front(places: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Tell the arrow keys that bring the last of these to the first one's place.

    `places` are the left upper corners of the cards in order, in pixels.
    """
    last_x, last_y = places[-1]
    rows = {y for _, y in places if y < last_y}
    columns = {x for x, _ in places if x < last_x}
    return ("ArrowUp",) * len(rows) + ("ArrowLeft",) * len(columns)
