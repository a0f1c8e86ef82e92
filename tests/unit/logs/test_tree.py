from pathlib import Path

import pytest

from percenty_batch.logs.tree import FileKind, stored_file, stored_files

STAMP = "20260101_020000"


def made(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")


def found(root: Path) -> dict[str, tuple[FileKind, str | None]]:
    return {file.path: (file.kind, file.stem) for file in stored_files(root)}


def test_every_file_of_a_run_is_known_for_what_it_is(tmp_path: Path) -> None:
    made(
        tmp_path,
        f"accounts/{STAMP}/a@example.com.log",
        f"accounts/{STAMP}/b@example.com.log.zst",
        f"accounts/{STAMP}/.b@example.com.log.tmp.zst",
        f"errors/{STAMP}/a@example.com_errors.log",
        f"evidence/{STAMP}/a@example.com/deep/1.png",
        f"reports/{STAMP}/summary_report_{STAMP}.md",
        f"reports/{STAMP}/.stale",
        f"batch_processor_{STAMP}.log.zst",
        f".batch_processor_{STAMP}.log.tmp.zst",
    )
    (tmp_path / "errors" / "20260102_020000").mkdir()
    assert found(tmp_path) == {
        f"accounts/{STAMP}/a@example.com.log": (FileKind.LOG, "a@example.com"),
        f"accounts/{STAMP}/b@example.com.log.zst": (FileKind.LOG, "b@example.com"),
        f"accounts/{STAMP}/.b@example.com.log.tmp.zst": (FileKind.DRAFT, None),
        f"errors/{STAMP}/a@example.com_errors.log": (FileKind.ERRORS, "a@example.com"),
        "errors/20260102_020000": (FileKind.FOLDER, None),
        f"evidence/{STAMP}/a@example.com/deep/1.png": (FileKind.EVIDENCE, None),
        f"reports/{STAMP}/summary_report_{STAMP}.md": (FileKind.REPORT, None),
        f"reports/{STAMP}/.stale": (FileKind.MARK, None),
        f"batch_processor_{STAMP}.log.zst": (FileKind.BATCH, None),
        f".batch_processor_{STAMP}.log.tmp.zst": (FileKind.DRAFT, None),
    }


def test_what_is_not_ours_is_left_out(tmp_path: Path) -> None:
    made(
        tmp_path,
        "ledger.sqlite3",
        "notes.log",
        "accounts/notes/a.log",
        f"accounts/{STAMP}x/a.log",
        f"accounts/{STAMP}/a.txt",
        f"accounts/{STAMP}/.log",
        f"errors/{STAMP}/a.log",
        f"batch_processor_{STAMP}.log.bak",
    )
    assert found(tmp_path) == {}


@pytest.mark.parametrize("place", [f"accounts/{STAMP}/a.log", f"accounts/{STAMP}"])
def test_a_symbolic_link_is_left_out(tmp_path: Path, place: str) -> None:
    made(tmp_path / "elsewhere", "a.log")
    link = tmp_path / "logs" / place
    link.parent.mkdir(parents=True)
    target = tmp_path / "elsewhere"
    link.symlink_to(target / "a.log" if place.endswith(".log") else target)
    assert found(tmp_path / "logs") == {}


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert found(tmp_path / "logs") == {}


def test_one_file_is_found_by_its_path(tmp_path: Path) -> None:
    paths = [
        f"accounts/{STAMP}/a@example.com.log.zst",
        f"evidence/{STAMP}/a@example.com/deep/1.png",
        f"batch_processor_{STAMP}.log",
    ]
    made(tmp_path, *paths)
    assert [file.path for path in paths if (file := stored_file(tmp_path, path))] == paths


@pytest.mark.parametrize(
    "path",
    [
        "ledger.sqlite3",
        "accounts",
        f"accounts/{STAMP}",
        f"accounts/{STAMP}/",
        f"accounts/{STAMP}/../{STAMP}/a.log",
        f"accounts/./{STAMP}/a.log",
        "accounts/../accounts",
        "",
        "/",
    ],
)
def test_what_the_tree_does_not_list_is_no_file(tmp_path: Path, path: str) -> None:
    made(tmp_path, "ledger.sqlite3", f"accounts/{STAMP}/a.log")
    assert stored_file(tmp_path, path) is None


def test_one_run_may_be_looked_at_alone(tmp_path: Path) -> None:
    other = "20260102_020000"
    mine = [f"accounts/{STAMP}/a.log", f"batch_processor_{STAMP}.log"]
    made(tmp_path, *mine, f"accounts/{other}/a.log", f"batch_processor_{other}.log")
    assert [file.path for file in stored_files(tmp_path, stamp=STAMP)] == mine
