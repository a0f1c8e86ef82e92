"""A line from anywhere in an account's work reaches that account's files and no other's."""

import asyncio
import contextvars
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog

from percenty_batch.logs import RunFolders, RunLogs, Secrets

OpenLogs = Callable[..., RunLogs]

A, B, C = "a@example.com", "b@example.com", "c@example.com"
MODULE_LOG = structlog.get_logger()


def messages(path: Path) -> list[str]:
    return [line.split(" - ", 2)[2] for line in path.read_text(encoding="utf-8").splitlines()]


def of(account: str, *texts: str) -> list[str]:
    return [f"[{account}] {text}" for text in texts]


def test_lines_of_accounts_at_once_never_mix(logs: RunLogs, folders: RunFolders) -> None:
    async def job(account: str) -> None:
        with logs.account_scope(account) as log:
            for _ in range(5):
                log.info("own")
                structlog.get_logger("user.code").info("global")
                MODULE_LOG.bind(x=1).info("module")
                logging.getLogger("user.code").info("stdlib %s", "record")
                await asyncio.sleep(0)
                await asyncio.create_task(helper())
                await asyncio.to_thread(MODULE_LOG.info, "thread")

    async def helper() -> None:
        MODULE_LOG.info("task")

    async def main() -> None:
        await asyncio.gather(*(job(account) for account in (A, B, C)))

    asyncio.run(main())
    for account in (A, B, C):
        texts = ("own", "global", "module", "stdlib record", "task", "thread") * 5
        assert messages(folders.account_log(account)) == of(account, *texts)
    assert len(messages(folders.batch_log)) == 90


def test_the_bound_logger_wins_over_a_foreign_context(logs: RunLogs, folders: RunFolders) -> None:
    bound = logs.account(A)
    with logs.account_scope(B):
        contextvars.copy_context().run(bound.error, "callback")
        bound.bind(item=1).error("bound", account=B)
    assert messages(folders.error_log(A)) == of(A, "callback", "bound")
    assert messages(folders.account_log(B)) == []


def test_a_logger_bound_inside_a_scope_keeps_its_account(
    logs: RunLogs, folders: RunFolders
) -> None:
    with logs.account_scope(A):
        bound = structlog.get_logger().bind(item=1)
    with logs.account_scope(B):
        bound.info("callback")
    contextvars.Context().run(bound.info, "callback")
    assert messages(folders.account_log(A)) == of(A, "callback", "callback")
    assert messages(folders.account_log(B)) == []


def test_a_logger_bound_before_any_scope_follows_the_scope_it_is_used_in(
    logs: RunLogs, folders: RunFolders
) -> None:
    bound = structlog.get_logger().bind(x=1)
    with logs.account_scope(A):
        bound.info("in")
    bound.info("out")
    assert messages(folders.account_log(A)) == of(A, "in")
    assert messages(folders.batch_log) == [*of(A, "in"), "out"]


@pytest.mark.parametrize("bound", [B, "unknown@example.com", 3, ["x"]])
def test_an_account_bound_by_name_counts_only_when_it_is_registered(
    logs: RunLogs, folders: RunFolders, bound: object
) -> None:
    logs.account(B)
    structlog.get_logger().bind(account=bound).error("by name")
    assert messages(folders.error_log(B)) == (of(B, "by name") if bound == B else [])
    assert len(messages(folders.batch_log)) == 1
    assert len(list(folders.accounts.iterdir())) == 1


def test_scopes_may_stand_in_each_other(logs: RunLogs, folders: RunFolders) -> None:
    with logs.account_scope(A):
        with logs.account_scope(B):
            MODULE_LOG.info("inner")
        MODULE_LOG.info("outer")
    assert messages(folders.account_log(A)) == of(A, "outer")
    assert messages(folders.account_log(B)) == of(B, "inner")


def test_records_of_the_standard_library_keep_level_traceback_and_masks(
    logs: RunLogs, folders: RunFolders, secrets: Secrets
) -> None:
    secrets.add("s3cret!")
    with logs.account_scope(A):
        logging.getLogger("lib").debug("below the level")
        logging.getLogger("lib").log(25, "between the levels")
        logging.getLogger("lib").error("boom", exc_info=ValueError("s3cret!\nforged"))
        logging.getLogger("lib").error("no exception here", exc_info=True)
    log = folders.account_log(A).read_text(encoding="utf-8").splitlines()
    assert [line.split(" - ")[1] for line in log] == ["INFO", "ERROR", "ERROR"]
    assert log[1].endswith(r"] boom | 오류 상세: ValueError: ***\nforged")
    assert log[2].endswith("] no exception here")
    assert len(messages(folders.error_log(A))) == 2


def test_a_record_with_wrong_arguments_is_still_written(
    logs: RunLogs, folders: RunFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    ours = [handler for handler in root.handlers if "percenty" in type(handler).__module__]
    monkeypatch.setattr(root, "handlers", ours)  # pytest's own handlers raise on such a record
    logging.getLogger("lib").error("wrong %d arguments", "x")
    assert messages(folders.batch_log) == ["wrong %d arguments"]


def test_records_of_other_threads_belong_to_no_account(logs: RunLogs, folders: RunFolders) -> None:
    with logs.account_scope(A):
        thread = threading.Thread(target=logging.getLogger("lib").warning, args=("elsewhere",))
        thread.start()
        thread.join()
    assert messages(folders.account_log(A)) == []
    assert messages(folders.batch_log) == ["elsewhere"]


@pytest.mark.parametrize("was_configured", [True, False])
def test_the_global_configuration_is_given_back(folders: RunFolders, was_configured: bool) -> None:
    if was_configured:
        structlog.configure(processors=[structlog.processors.KeyValueRenderer()])
    try:
        before = state()
        with RunLogs(folders, Secrets()):
            assert state() != before
        assert state() == before
    finally:
        structlog.reset_defaults()


def test_a_configuration_made_during_the_run_is_left_alone(folders: RunFolders) -> None:
    processors: list[Any] = [structlog.processors.KeyValueRenderer()]
    try:
        with RunLogs(folders, Secrets()):
            structlog.configure(
                processors=processors, logger_factory=structlog.ReturnLoggerFactory()
            )
        assert structlog.get_config()["processors"] is processors
    finally:
        structlog.reset_defaults()


def state() -> tuple[object, ...]:
    root = logging.getLogger()
    return structlog.is_configured(), structlog.get_config(), list(root.handlers), root.level


@pytest.mark.parametrize("is_first_closed_first", [True, False])
def test_two_runs_at_once_never_mix_and_may_end_in_any_order(
    tmp_path: Path, is_first_closed_first: bool
) -> None:
    before = state()
    folders = [RunFolders(root=tmp_path, stamp=stamp) for stamp in ("one", "two")]
    one = RunLogs(folders[0], Secrets(), level="debug").__enter__()
    two = RunLogs(folders[1], Secrets()).__enter__()
    for logs, text in ((one, "1"), (two, "2")):
        with logs.account_scope(A) as log:
            log.info(text)
            structlog.get_logger().info(text)
            logging.getLogger("lib").info(text)
    structlog.get_logger().info("latest")
    logging.getLogger("lib").info("latest")

    order = (one, two) if is_first_closed_first else (two, one)
    order[0].close()
    structlog.get_logger().info("left")
    logging.getLogger("lib").info("left")
    order[1].close()

    assert state() == before
    left = ["left", "left"]
    assert messages(folders[0].account_log(A)) == of(A, "1", "1", "1")
    assert messages(folders[1].account_log(A)) == of(A, "2", "2", "2")
    assert messages(folders[0].batch_log) == [
        *of(A, "1", "1", "1"),
        *([] if is_first_closed_first else left),
    ]
    assert messages(folders[1].batch_log) == [
        *of(A, "2", "2", "2"),
        *("latest", "latest"),
        *(left if is_first_closed_first else []),
    ]
