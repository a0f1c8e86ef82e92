"""Measure `percenty-batch logs tidy` over months of logs of which none is compressed yet.

Every run but the newest is compressed, verified and swapped; nothing is old enough to be deleted.
A second call, which finds nothing to do, tells what the plan alone costs.

    python tests/benchmarks/bench_log_tidy.py [--mb 100] [--files 1800]

`--mb 1000 --files 18000` is the goal's size.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.bench_log_search import make_tree, say

_COMMAND = Path(sys.executable).with_name("percenty-batch")
# Without a ledger a run is as old as its files, which are new.
_RULES = {
    "PERCENTY_RETENTION__COMPRESS_AFTER_DAYS": "0",
    "PERCENTY_RETENTION__SUCCESS_DAYS": "9999",
    "PERCENTY_RETENTION__FAILURE_DAYS": "9999",
}


def tidy(root: Path) -> float:
    """Tidy by the installed command; gives its seconds."""
    started = time.perf_counter()
    command = [str(_COMMAND), "logs", "tidy", "--unknown", "--logs-dir", str(root)]
    ran = subprocess.run(
        command, env=os.environ | _RULES, capture_output=True, text=True, check=True
    )
    took_s = time.perf_counter() - started
    say(ran.stdout.strip().splitlines()[-1])
    return took_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mb", type=int, default=100, help="of logs")
    parser.add_argument("--files", type=int, default=1800)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_tree(root, options.mb * 1_000_000, options.files, is_packed=False)
        for what in ("first", "again"):
            took_s = tidy(root)
            files = [path for path in root.rglob("*.log*") if path.is_file()]
            packed = sum(path.suffix == ".zst" for path in files)
            stored = sum(path.stat().st_size for path in files) / 1e6
            say(f"{what}: {took_s:.1f} s, {packed} of {len(files)} compressed, {stored:.0f} MB")


if __name__ == "__main__":
    main()
