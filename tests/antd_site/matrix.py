"""Try steps and page objects on all variants of this site, and tell what disagrees.

    python -m tests.antd_site.matrix [TRIAL ...] [--only N,M] [--folder FOLDER] [--list]

A trial is a step (its report is compared with the site's record) or a page (what its page objects
say and do is). Its variants show every pair of values of two settings that matter to it. Logs and
evidence of variant N stay in FOLDER/TRIAL-N. The exit code is 1 unless all of them agree.
It takes minutes, and is no part of the test suite.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, get_args, get_type_hints

from tests.antd_site.options import Options
from tests.antd_site.pairwise import covering
from tests.antd_site.trials import TRIALS, Trial

_ROOT = str(Path(__file__).parents[2])
_LATENCY_S = (0.0, 0.08)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("trials", nargs="*", metavar="TRIAL", help=f"default: {', '.join(TRIALS)}")
    parser.add_argument("--only", default="", metavar="N,M", help="these variants alone")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--list", action="store_true", help="show the variants, run none")
    asked = parser.parse_args()
    folder = asked.folder or Path(mkdtemp(prefix="antd-matrix-"))
    only = {int(number) for number in asked.only.split(",") if number}
    agreed = [
        _try(trial, number, options, folder, is_listed=asked.list)
        for trial in (TRIALS[name] for name in asked.trials or TRIALS)
        for number, options in enumerate(variants(trial))
        if not only or number in only
    ]
    _tell(f"{len(agreed)} variants run, no disagreement in {sum(agreed)}; logs in {folder}")
    return 0 if all(agreed) else 1


def variants(trial: Trial) -> Iterator[Options]:
    """Yield the variants that together show each pair of values of the trial's settings."""
    hints = get_type_hints(Options)
    values = {name: get_args(hints[name]) for name in trial.settings}
    for row in covering(values):
        chosen: dict[str, Any] = row
        yield Options(
            latency_s=_LATENCY_S, popups=1, popup_delay_s=0.2, image_delete_s=0.1, **chosen
        )


def _try(trial: Trial, number: int, options: Options, folder: Path, *, is_listed: bool) -> bool:
    chosen = ", ".join(f"{name}={getattr(options, name)}" for name in trial.settings)
    if is_listed:
        _tell(f"{trial.name} #{number}: {chosen}")
        return True
    began = time.monotonic()
    try:
        found = trial.run(number, options, folder / f"{trial.name}-{number}")
    except Exception as error:  # noqa: BLE001 - a variant that breaks must not hide the others
        places = traceback.extract_tb(error.__traceback__)
        ours = [f"{p.name}:{p.lineno}" for p in places if p.filename.startswith(_ROOT)]
        found = [f"{type(error).__name__}: {error}", " < ".join(reversed(ours))]
    mark = "DISAGREES" if found else "agrees"
    _tell(f"{trial.name} #{number} {mark} ({time.monotonic() - began:.0f} s): {chosen}")
    for line in found:
        _tell(f"    {line}")
    return not found


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
