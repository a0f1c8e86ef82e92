import errno
import shutil
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from percenty_batch.errors import CannotRunError, DiskError
from percenty_batch.logs import check_disk, disk, reserve_stamp

MB = 1024 * 1024


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose disk was asked; it has a byte less than 200 MB."""
    folders: list[Path] = []

    def usage(path: Path) -> SimpleNamespace:
        folders.append(path)
        return SimpleNamespace(free=200 * MB - 1)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    return folders


def test_too_little_room_is_said_with_place_and_amounts(asked: list[Path], tmp_path: Path) -> None:
    with pytest.raises(DiskError) as caught:
        check_disk(tmp_path, 200)
    assert str(caught.value) == (
        f"디스크 여유 공간이 부족합니다: {tmp_path} (여유 199 MB, 필요 200 MB)"
    )
    assert asked == [tmp_path]


@pytest.mark.parametrize("min_free_mb", [0, 199])
def test_enough_room_is_no_news(asked: list[Path], tmp_path: Path, min_free_mb: int) -> None:
    check_disk(tmp_path, min_free_mb)
    assert asked


def test_a_folder_that_is_still_to_be_made_is_asked_of_its_parent(
    asked: list[Path], tmp_path: Path
) -> None:
    check_disk(tmp_path / "logs" / "tonight", 1)
    assert asked == [tmp_path]


def test_a_relative_folder_is_on_the_disk_where_we_stand(
    asked: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check_disk(Path("logs"), 1)
    assert asked == [tmp_path]


def test_the_real_disk_can_be_asked(tmp_path: Path) -> None:
    assert disk.free_bytes(tmp_path / "logs") > 0


def test_a_disk_that_cannot_be_asked_is_no_folder_for_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(shutil, "disk_usage", refuse)
    with pytest.raises(CannotRunError, match=r"로그 폴더를 만들 수 없습니다: .*권한이 없음"):
        check_disk(tmp_path, 1)


@pytest.mark.parametrize(
    ("number", "kind", "why"),
    [
        (errno.EROFS, CannotRunError, "읽기 전용"),
        (errno.EACCES, CannotRunError, "권한이 없음"),
        (errno.ENOSPC, DiskError, "디스크 공간 부족"),
        (errno.EDQUOT, DiskError, "디스크 공간 부족"),
    ],
)
def test_a_folder_that_takes_nothing_is_refused_with_its_reason(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    kind: type[CannotRunError],
    why: str,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(CannotRunError) as caught:
        reserve_stamp(tmp_path, datetime.now(UTC))
    assert type(caught.value) is kind
    assert str(caught.value) == f"로그 폴더를 만들 수 없습니다: {tmp_path} ({why})"
