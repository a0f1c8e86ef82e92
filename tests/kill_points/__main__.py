"""The matrix: every write of the ledger, random moments, signals and disasters."""

import argparse
import random
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path

from tests.kill_points.cases import CASES, STEP_1, Case
from tests.kill_points.disasters import DISASTERS, try_disaster
from tests.kill_points.point import Moment, try_moment
from tests.kill_points.stops import Stop, try_stop
from tests.kill_points.trial import Outcome, in_new_folder

_THREE_ACCOUNTS = (2, 2, 2)
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_BEGUN_S = 4.0  # by then a product is in hand
_RESUME_EVERY = 4  # of the stopped runs: that is the longer part of them

Attempt = Callable[[Path], Outcome]


def main() -> int:
    """Try the moments that were asked for and print what each came to."""
    given = _arguments()
    ends_at = time.monotonic() + given.for_s
    tried: list[Outcome] = []
    for moments in _matrix(given):
        for name, attempt in moments:
            outcome = in_new_folder(attempt)
            tried.append(outcome)
            _tell(name, outcome)
            if outcome.is_last or time.monotonic() > ends_at:
                break
    passed = sum(not outcome.problems for outcome in tried)
    sys.stdout.write(f"{passed} of {len(tried)} passed\n")
    return 0 if passed == len(tried) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--step", choices=CASES, default=STEP_1.step, help="for deaths; the others are of step 1"
    )
    parser.add_argument(
        "--products", default="1,1,1,1,1,2", metavar="LIST", help="for deaths: of each account"
    )
    parser.add_argument("--writes", default="", metavar="FIRST:STEP", help="ledger writes")
    parser.add_argument("--at", choices=("before", "after", "both"), default="both")
    parser.add_argument("--last", type=int, default=sys.maxsize, metavar="N", help="of the writes")
    parser.add_argument("--edits", default="", metavar="LIST", help="edits of the site")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="random moments")
    parser.add_argument("--stops", type=int, default=0, metavar="N", help="of each kind of signal")
    parser.add_argument("--twice", type=int, default=0, metavar="N", help="signals sent twice")
    parser.add_argument(
        "--disasters", nargs="*", choices=DISASTERS, metavar="NAME", help=", ".join(DISASTERS)
    )
    parser.add_argument("--within-s", type=float, default=25.0, help="of the random moments")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--for-s", type=float, default=24 * 3600.0, help="stop after so long")
    return parser.parse_args()


def _matrix(given: argparse.Namespace) -> Iterator[Iterator[tuple[str, Attempt]]]:
    chance = random.Random(given.seed)  # noqa: S311 - moments, not secrets

    def second(first_s: float = 0.5) -> float:
        return round(chance.uniform(first_s, given.within_s), 2)

    deaths = partial(_deaths, CASES[given.step], [int(n) for n in given.products.split(",")])
    yield deaths([Moment(kind="second", number=second()) for _ in range(given.random)])
    yield deaths([Moment(kind="edit", number=int(n)) for n in given.edits.split(",") if n])
    if given.writes:
        first, step = (int(part) for part in given.writes.split(":"))
        kinds = ("before", "after") if given.at == "both" else (given.at,)
        yield deaths(_at_writes(range(first, given.last + 1, step), kinds))
    yield _stops([second() for _ in range(given.stops * 4)])
    yield _stops_at_once([second(_BEGUN_S) for _ in range(given.twice)])
    yield _disasters(given.disasters)


def _at_writes(numbers: Iterable[int], kinds: Iterable[str]) -> Iterator[Moment]:
    for number in numbers:
        yield from (Moment(kind=kind, number=number) for kind in kinds)


def _deaths(
    cases: Sequence[Case], products: Sequence[int], moments: Iterable[Moment]
) -> Iterator[tuple[str, Attempt]]:
    for moment in moments:
        yield f"{moment}", partial(try_moment, moment, products, cases=cases)


def _stops(seconds: Sequence[float]) -> Iterator[tuple[str, Attempt]]:
    kinds = list(product(_SIGNALS, (False, True)))
    for number, after_s in enumerate(seconds):
        which, to_group = kinds[number % len(kinds)]
        stop = Stop(
            number=which,
            to_group=to_group,
            after_s=after_s,
            # Of each round another kind.
            should_resume=number % _RESUME_EVERY == number // _RESUME_EVERY % _RESUME_EVERY,
        )
        yield f"{stop}", partial(try_stop, stop, _THREE_ACCOUNTS)


def _stops_at_once(seconds: Sequence[float]) -> Iterator[tuple[str, Attempt]]:
    for number, after_s in enumerate(seconds):
        stop = Stop(
            number=_SIGNALS[number % len(_SIGNALS)],
            to_group=number % 4 > 1,
            after_s=after_s,
            again_after_s=1.0,
            should_resume=number % _RESUME_EVERY == 0,
        )
        yield f"{stop}", partial(try_stop, stop, _THREE_ACCOUNTS)


def _disasters(names: Sequence[str] | None) -> Iterator[tuple[str, Attempt]]:
    for name in DISASTERS if names == [] else names or ():
        yield name, partial(try_disaster, name, _THREE_ACCOUNTS)


def _tell(name: str, outcome: Outcome) -> None:
    word = "FAILED" if outcome.problems else "passed"
    lines = [f"{name}: {outcome.told}, {word}", *outcome.problems]
    sys.stdout.write("\n    ".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
