from pathlib import Path

import pytest

from percenty_batch.logs import first_error_line
from percenty_batch.logs.packing import compress_into

INFO = "2024-12-01 14:30:52,123 - INFO - [user1@example.com] 로그인 성공\n"
ERROR = "2024-12-01 14:31:15,234 - ERROR - [user1@example.com] 로그인 중 예외 발생\n"
JSON_INFO = '{"at": "2024-12-01T14:30:52.123+09:00", "level": "INFO", "account": "a"}\n'
JSON_ERROR = JSON_INFO.replace("INFO", "ERROR")


def log(folder: Path, text: str) -> Path:
    path = folder / "user1@example.com.log"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", None),
        (INFO, None),
        (ERROR, 1),
        (INFO + INFO + ERROR + ERROR, 3),
        (JSON_INFO + JSON_ERROR, 2),
        (INFO + "x - ERROR - [a] b\n" + ERROR, 3),
        (f"{INFO[:-1]} {ERROR}{ERROR}", 2),
        (INFO + "x" * 3_000_000 + ERROR + ERROR, 3),
    ],
)
def test_the_first_line_that_begins_as_an_error_is_found(
    tmp_path: Path, text: str, line: int | None
) -> None:
    assert first_error_line(log(tmp_path, text)) == line


@pytest.mark.parametrize("size", range(1_048_500, 1_048_640, 7))
def test_it_is_found_wherever_the_file_is_read_in_pieces(tmp_path: Path, size: int) -> None:
    text = INFO * (size // len(INFO.encode()))
    text += "x" * (size - len(text.encode()) - 1) + "\n"

    assert first_error_line(log(tmp_path, text + ERROR)) == text.count("\n") + 1


def test_it_is_found_in_a_compressed_log(tmp_path: Path) -> None:
    plain = log(tmp_path, INFO + ERROR)
    with plain.with_name(f"{plain.name}.zst").open("wb") as file:
        compress_into(file, plain)
    plain.unlink()

    assert first_error_line(plain) == 2


def test_a_file_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert first_error_line(tmp_path / "no.log") is None
