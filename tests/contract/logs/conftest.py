from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from percenty_batch.logs import RunFolders, RunLogs, Secrets, reserve_stamp

OpenLogs = Callable[..., RunLogs]


@pytest.fixture
def folders(tmp_path: Path) -> RunFolders:
    return RunFolders(root=tmp_path, stamp=reserve_stamp(tmp_path, datetime.now().astimezone()))


@pytest.fixture
def secrets() -> Secrets:
    return Secrets()


@pytest.fixture
def open_logs(folders: RunFolders, secrets: Secrets) -> Iterator[OpenLogs]:
    """Open RunLogs with the given options; all are closed after the test."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(RunLogs(folders, secrets, **options))


@pytest.fixture
def logs(open_logs: OpenLogs) -> RunLogs:
    return open_logs()
