"""Few variants that together show every pair of two settings' values."""

import itertools
import random
from collections.abc import Mapping, Sequence

Pair = tuple[str, object, str, object]


def covering(values: Mapping[str, Sequence[object]], *, seed: int = 1) -> list[dict[str, object]]:
    """Return rows of one value per name, such that each pair of values stands in some row.

    Greedy: every row is the best of some random tries. Equal arguments give equal rows.
    """
    rng = random.Random(seed)  # noqa: S311 - a choice of tests, not a secret
    names = list(values)
    open_pairs = {
        (a, x, b, y)
        for a, b in itertools.combinations(names, 2)
        for x in values[a]
        for y in values[b]
    }
    rows: list[dict[str, object]] = []
    while open_pairs:
        tries = [_try(values, open_pairs, rng) for _ in range(20)]
        best = max(tries, key=lambda row: len(_pairs(row) & open_pairs))
        open_pairs -= _pairs(best)
        rows.append(best)
    return rows


def _try(
    values: Mapping[str, Sequence[object]], open_pairs: set[Pair], rng: random.Random
) -> dict[str, object]:
    # Begun from a pair that is still open, so that every row makes some headway.
    a, x, b, y = rng.choice(sorted(open_pairs, key=repr))
    row: dict[str, object] = {a: x, b: y}
    for name in rng.sample([each for each in values if each not in row], len(values) - 2):
        choices = rng.sample(list(values[name]), len(values[name]))
        row[name] = max(choices, key=lambda value: _gain(row, name, value, open_pairs))
    return {name: row[name] for name in values}


def _gain(row: dict[str, object], name: str, value: object, open_pairs: set[Pair]) -> int:
    return sum(
        (other, known, name, value) in open_pairs or (name, value, other, known) in open_pairs
        for other, known in row.items()
    )


def _pairs(row: dict[str, object]) -> set[Pair]:
    return {(a, row[a], b, row[b]) for a, b in itertools.combinations(row, 2)}
