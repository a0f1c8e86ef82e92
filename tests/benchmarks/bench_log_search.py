"""Measure a search through months of logs against `rg -z` (ripgrep, with zstd), in the same run.

The tree is made first: runs of 100 accounts, each with its log, its error log and the batch log;
all but the newest run are compressed. Both sides look for the same words in the same files and
must find the same number of lines; they alternate, so that a busy machine is busy for both.

    python tests/benchmarks/bench_log_search.py [--mb 100] [--files 1800] [--rounds 3]

`--mb 1000 --files 18000` is the goal's size.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from percenty_batch.logs import Hit, SearchQuery, search_logs
from percenty_batch.logs.packing import compress_into, packed_path

_ACCOUNTS = 100
_RARE, _COMMON, _ABSENT = "needle-7f3a", "시간 초과", "없는낱말"
_RARE_EVERY, _COMMON_EVERY = 50_000, 400


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def make_tree(root: Path, size: int, files: int, *, is_packed: bool = True) -> None:
    """Write `files` files of together `size` bytes before compression."""
    runs = max(files // (2 * _ACCOUNTS + 1), 1)
    # A line stands in the account's log and in the batch log.
    lines = max(int(size / runs / _ACCOUNTS / 2 / 130), 1)
    chance, count = random.Random(1), 0  # noqa: S311 - the same tree each time
    for run in range(runs):
        stamp = f"2026{run // 28 % 12 + 1:02d}{run % 28 + 1:02d}_{run // 336:02d}0000"
        for place in ("accounts", "errors"):
            (root / place / stamp).mkdir(parents=True)
        with (root / f"batch_processor_{stamp}.log").open("w", encoding="utf-8") as batch:
            for account in range(_ACCOUNTS):
                written = [line_of(chance, stamp, account, count + n) for n in range(lines)]
                count += lines
                name = f"user{account}@example.com"
                text = "".join(written)
                (root / "accounts" / stamp / f"{name}.log").write_text(text, encoding="utf-8")
                errors = "".join(line for line in written if " - ERROR - " in line)
                path = root / "errors" / stamp / f"{name}_errors.log"
                path.write_text(errors, encoding="utf-8")
                batch.write(text)
        if is_packed and run < runs - 1:
            pack_run(root, stamp)


def line_of(chance: random.Random, stamp: str, account: int, number: int) -> str:
    key = chance.randbytes(12).hex()
    day = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}"
    clock = f"{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
    head = f"{day} {clock},{chance.randrange(1000):03d}"
    who = f"[user{account}@example.com]"
    if number % _RARE_EVERY == 7:
        return f"{head} - WARNING - {who} 상품 {key}: {_RARE}\n"
    if number % _COMMON_EVERY == 3:
        return f"{head} - ERROR - {who} 상품 {key} 저장: {_COMMON}\n"
    took = f"{chance.random():.2f}초"
    return f"{head} - INFO - {who} 상품 {key} 이동 확인: 신규수집 → 번역대기 ({took})\n"


def pack_run(root: Path, stamp: str) -> None:
    folders = [root / "accounts" / stamp, root / "errors" / stamp]
    logs = [path for folder in folders for path in folder.iterdir()]
    for log in [*logs, root / f"batch_processor_{stamp}.log"]:
        with packed_path(log).open("wb") as file:
            compress_into(file, log)
        log.unlink()


def ours(root: Path, word: str) -> int:
    found = search_logs(root, SearchQuery(words=(word,)), has_copies=True)
    return sum(isinstance(each, Hit) for each in found)


def ripgrep(root: Path, word: str) -> int:
    command = ["rg", "-z", "-i", "-n", "-F", "--no-ignore", "--hidden", "--", word, str(root)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    return len(ran.stdout.splitlines())


def timed(search: Callable[[Path, str], int], root: Path, word: str) -> tuple[float, float, int]:
    """Give the seconds, those of all processors, and the number of lines found."""
    started, used = time.perf_counter(), sum(os.times()[:4])
    count = search(root, word)
    return time.perf_counter() - started, sum(os.times()[:4]) - used, count


def compare(root: Path, words: Sequence[str], rounds: int) -> None:
    sides = {"rg -z": ripgrep, "ours": ours} if shutil.which("rg") else {"ours": ours}
    for word in words:
        for number in range(1, rounds + 1):
            told = {name: timed(search, root, word) for name, search in sides.items()}
            if len({count for _, _, count in told.values()}) > 1:
                raise SystemExit(f"{word}: not the same number of lines: {told}")
            times = "  ".join(
                f"{name} {wall_s:6.2f} s (processors {cpu_s:6.2f} s)"
                for name, (wall_s, cpu_s, _) in told.items()
            )
            say(f"{word} round {number}: {times}  ({told['ours'][2]} lines)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mb", type=int, default=100, help="of logs, before compression")
    parser.add_argument("--files", type=int, default=1800)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_tree(root, options.mb * 1_000_000, options.files)
        files = [path for path in root.rglob("*.log*") if path.is_file()]
        packed = sum(path.suffix == ".zst" for path in files)
        stored = sum(path.stat().st_size for path in files)
        say(f"{len(files)} files, {packed} compressed, {stored / 1e6:.0f} MB on disk")
        compare(root, (_RARE, _COMMON, _ABSENT), options.rounds)


if __name__ == "__main__":
    main()
