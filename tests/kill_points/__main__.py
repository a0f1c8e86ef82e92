"""The matrix: every write of the ledger, and random moments."""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.kill_points.point import Moment, Outcome, try_moment

_PRODUCTS = (1, 1, 1, 1, 1, 2)
_LAST_WRITE = 10_000


def main() -> int:
    """Try the moments that were asked for and print what each came to."""
    given = _arguments()
    began = time.monotonic()
    tried = passed = 0
    for moment in _moments(given):
        folder = Path(tempfile.mkdtemp(prefix="kill-"))
        outcome = try_moment(moment, _PRODUCTS, folder)
        is_good = not outcome.problems
        tried, passed = tried + 1, passed + is_good
        _tell(moment, outcome, folder)
        if is_good:
            shutil.rmtree(folder)
        if moment.kind == "after" and not outcome.has_died:
            break  # there are no more writes
        if time.monotonic() - began > given.for_s:
            break
    sys.stdout.write(f"{passed} of {tried} passed\n")
    return 0 if passed == tried else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writes", default="", metavar="FIRST:STEP", help="ledger writes")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="random moments")
    parser.add_argument("--within-s", type=float, default=25.0, help="of the random moments")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--for-s", type=float, default=24 * 3600.0, help="stop after so long")
    return parser.parse_args()


def _moments(given: argparse.Namespace) -> Iterator[Moment]:
    chance = random.Random(given.seed)  # noqa: S311 - moments, not secrets
    for _ in range(given.random):
        yield Moment(kind="second", number=round(chance.uniform(0.5, given.within_s), 2))
    if given.writes:
        first, step = (int(part) for part in given.writes.split(":"))
        for number in range(first, _LAST_WRITE, step):
            yield Moment(kind="before", number=number)
            yield Moment(kind="after", number=number)


def _tell(moment: Moment, outcome: Outcome, folder: Path) -> None:
    word = "passed" if not outcome.problems else f"FAILED ({folder})"
    lines = [f"{moment}: {'died' if outcome.has_died else 'lived'}, {word}", *outcome.problems]
    sys.stdout.write("\n    ".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
