from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from percenty_batch.errors import CannotRunError
from percenty_batch.logs import RunFolders, reserve_stamp

NOW = datetime(2024, 12, 1, 14, 30, 52, 123456)  # noqa: DTZ001 - local time is meant


def test_the_stamp_is_the_local_start_time(tmp_path: Path) -> None:
    assert reserve_stamp(tmp_path / "logs", NOW) == "20241201_143052"


def test_an_aware_time_is_shown_in_local_time(tmp_path: Path) -> None:
    assert reserve_stamp(tmp_path, NOW.astimezone(UTC)) == "20241201_143052"


def test_two_runs_in_one_second_get_two_stamps(tmp_path: Path) -> None:
    stamps = [reserve_stamp(tmp_path, NOW) for _ in range(3)]
    assert stamps == ["20241201_143052", "20241201_143053", "20241201_143054"]


def test_the_next_free_second_may_be_in_the_next_year(tmp_path: Path) -> None:
    last = datetime(2024, 12, 31, 23, 59, 59)  # noqa: DTZ001 - local time is meant
    assert [reserve_stamp(tmp_path, last) for _ in range(2)][1] == "20250101_000000"


def test_runs_that_start_together_never_share_a_stamp(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        stamps = list(pool.map(lambda _: reserve_stamp(tmp_path, NOW), range(24)))
    assert sorted(stamps) == [
        (NOW + timedelta(seconds=second)).strftime("%Y%m%d_%H%M%S") for second in range(24)
    ]


def test_the_tree_is_the_guides(tmp_path: Path) -> None:
    folders = RunFolders(root=tmp_path, stamp=reserve_stamp(tmp_path, NOW))
    stamp = "20241201_143052"
    assert all(path.is_dir() for path in (folders.accounts, folders.errors, folders.reports))
    assert folders.account_log("user1@example.com") == (
        tmp_path / "accounts" / stamp / "user1@example.com.log"
    )
    assert folders.error_log("user1@example.com") == (
        tmp_path / "errors" / stamp / "user1@example.com_errors.log"
    )
    assert folders.reports == tmp_path / "reports" / stamp
    assert folders.batch_log == tmp_path / f"batch_processor_{stamp}.log"


@pytest.mark.parametrize("blocked", ["", "accounts", "errors", "reports"])
def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path, blocked: str) -> None:
    folder = tmp_path / "logs"
    if blocked:
        folder.mkdir()
    (folder / blocked).touch()
    with pytest.raises(CannotRunError, match="로그 폴더를 만들 수 없습니다"):
        reserve_stamp(folder, NOW)
