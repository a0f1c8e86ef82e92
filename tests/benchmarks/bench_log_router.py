"""Measure log lines per second: our router against the standard library's FileHandlers.

The other side is what a guide-minded program would write: two FileHandlers per account (its log
and its error log) and one for the batch log. It neither masks secrets nor escapes page texts;
ours does both. The sides alternate within one run, so that a busy machine is busy for both.

    python tests/benchmarks/bench_log_router.py [--accounts 20] [--lines 20000] [--rounds 7]
"""

import argparse
import logging
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Protocol

from percenty_batch.logs import RunFolders, RunLogs, Secrets, reserve_stamp

_MESSAGES = (
    "=== 1단계 실행 시작: 수량=100 ===",
    "브라우저 생성 성공: user1@example.com_browser",
    "상품 3f2a9c01d4e5b6a798877665 처리 시작 (17/100)",
    "상품 3f2a9c01d4e5b6a798877665 이동 확인: 신규수집 → 번역대기 (0.84초)",
    "1단계 실행 완료 - 처리: 100, 실패: 0",
)
_ERROR_EVERY = 50
_FORMATTER = logging.Formatter("%(asctime)s - %(levelname)s - [%(name)s] %(message)s")


class Log(Protocol):
    def info(self, message: str, /) -> object: ...
    def error(self, message: str, /) -> object: ...


def new_folders(root: Path) -> RunFolders:
    return RunFolders(root=root, stamp=reserve_stamp(root, datetime.now().astimezone()))


def new_password(account: str) -> str:
    return b64encode(sha256(account.encode()).digest())[:12].decode()


@contextmanager
def our_logs(root: Path, accounts: list[str]) -> Iterator[list[Log]]:
    secrets = Secrets()
    secrets.add(*(new_password(account) for account in accounts))
    with RunLogs(new_folders(root), secrets) as logs:
        yield [logs.account(account).bind(run="r", step="1", attempt=1) for account in accounts]


@contextmanager
def stdlib_logs(root: Path, accounts: list[str]) -> Iterator[list[Log]]:
    folders = new_folders(root)
    batch = logging.FileHandler(folders.batch_log, encoding="utf-8")
    loggers = [stdlib_logger(folders, batch, account) for account in accounts]
    try:
        yield list(loggers)
    finally:
        for handler in {handler for logger in loggers for handler in logger.handlers}:
            handler.close()


def stdlib_logger(folders: RunFolders, batch: logging.Handler, account: str) -> logging.Logger:
    logger = logging.Logger(account, logging.INFO)
    log = logging.FileHandler(folders.account_log(account), encoding="utf-8")
    errors = logging.FileHandler(folders.error_log(account), encoding="utf-8")
    errors.setLevel(logging.ERROR)
    for handler in (log, errors, batch):
        handler.setFormatter(_FORMATTER)
        logger.addHandler(handler)
    return logger


def lines_per_second(loggers: list[Log], lines: int) -> float:
    started = time.perf_counter()
    for index in range(lines):
        logger = loggers[index % len(loggers)]
        write = logger.info if index % _ERROR_EVERY else logger.error
        write(_MESSAGES[index % len(_MESSAGES)])
    return lines / (time.perf_counter() - started)


def measure(side: str, accounts: list[str], lines: int) -> float:
    with tempfile.TemporaryDirectory() as folder, SIDES[side](Path(folder), accounts) as loggers:
        return lines_per_second(loggers, lines)


SIDES = {"stdlib": stdlib_logs, "ours": our_logs}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=20)
    parser.add_argument("--lines", type=int, default=20_000, help="per side and round")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    accounts = [f"user{number}@example.com" for number in range(1, options.accounts + 1)]
    ratios = []
    for number in range(1, options.rounds + 1):
        stdlib, ours = (measure(side, accounts, options.lines) for side in SIDES)
        ratios.append(ours / stdlib)
        say(f"round {number}: stdlib {stdlib:9,.0f}  ours {ours:9,.0f} lines/s  {ratios[-1]:.2f}x")
    say(
        f"{options.accounts} accounts, {options.lines:,} lines a round: "
        f"median {median(ratios):.2f}x (goal 2x), lowest {min(ratios):.2f}x"
    )


if __name__ == "__main__":
    main()
