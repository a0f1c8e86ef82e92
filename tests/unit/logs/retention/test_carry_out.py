"""A tidy on a real disk, killed at every single thing that it does there."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from percenty_batch.logs import RunFacts, Tidied, TidyPlan, carry_out, stored_files, tidy_plan
from percenty_batch.logs.packing import chunks, compress_into, packed_path
from percenty_batch.settings import RetentionSettings

STAMP, NEWEST = "20260101_020000", "20260531_020000"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
LINES = "".join(f"2026-01-01 02:00:00,{n:03d} - INFO - [a] 줄 {n}\n" for n in range(300)).encode()


class Killed(BaseException):
    """The process dies: no handler of an ordinary error sees it."""


def tree(root: Path) -> None:
    for path, content in {
        f"accounts/{STAMP}/bad.log": LINES,
        f"accounts/{STAMP}/empty.log": b"",
        f"accounts/{STAMP}/good.log": LINES[:500],
        f"errors/{STAMP}/bad_errors.log": LINES[:900],
        f"evidence/{STAMP}/bad/1.png": b"png",
        f"reports/{STAMP}/summary.md": b"before",
        f"batch_processor_{STAMP}.log": LINES * 2,
        f"accounts/{NEWEST}/bad.log": LINES,
        f"accounts/{STAMP}/notes.txt": b"not ours",
    }.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def planned(root: Path) -> TidyPlan:
    """Plan 31 days after a run in which `good` succeeded and `bad` did not."""
    facts = RunFacts(
        run_id=STAMP,
        stamp=STAMP,
        ended_at=NOW - timedelta(days=31),
        succeeded=frozenset({"good"}),
        has_failed=True,
    )
    return tidy_plan([*stored_files(root)], {STAMP: facts}, RetentionSettings(), NOW)


def tidied(root: Path) -> Tidied:
    result = Tidied()
    for steps in planned(root).by_run.values():
        result += carry_out(root, steps, lambda stamp: render(root, stamp), workers=1)
    return result


def render(root: Path, stamp: str) -> Sequence[str]:
    """A report that names what is there."""
    names = sorted(path.name for path in (root / "accounts" / stamp).iterdir())
    (root / f"reports/{stamp}/summary.md").write_text(" ".join(names), encoding="utf-8")
    return ()


def content(root: Path) -> dict[str, bytes]:
    """What a reader finds: the content of each file, by its name without compression."""
    found: dict[str, bytes] = {}
    for path in sorted(each for each in root.rglob("*") if each.is_file()):
        name = str(path.relative_to(root)).removesuffix(".zst")
        assert name not in found, f"doubled: {name}"
        found[name] = b"".join(chunks(path))
    return found


EXPECTED = {
    f"accounts/{STAMP}/bad.log": LINES,
    f"accounts/{STAMP}/empty.log": b"",
    f"errors/{STAMP}/bad_errors.log": LINES[:900],
    f"reports/{STAMP}/summary.md": b"bad.log.zst empty.log.zst notes.txt",
    f"batch_processor_{STAMP}.log": LINES * 2,
    f"accounts/{NEWEST}/bad.log": LINES,
    f"accounts/{STAMP}/notes.txt": b"not ours",
}


@contextmanager
def dying_at(
    number: int, monkeypatch: pytest.MonkeyPatch, how: type[BaseException]
) -> Iterator[list[str]]:
    """Die at the n-th change of the disk, before it is made. Yields the changes so far."""
    made: list[str] = []

    def fatal(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: object, **kwargs: object) -> object:
            if name != "open" or "w" in str(args[1:2]):
                made.append(name)
                if len(made) == number:
                    raise how
            return call(*args, **kwargs)

        return counted

    with monkeypatch.context() as patch:
        for owner, names in ((os, ("fsync", "utime")), (Path, _CHANGES)):
            for name in names:
                patch.setattr(owner, name, fatal(name, getattr(owner, name)))
        yield made


_CHANGES = ("open", "replace", "unlink", "rmdir", "touch", "write_text", "chmod")


def test_logs_are_compressed_and_deleted_as_planned(tmp_path: Path) -> None:
    tree(tmp_path)

    result = tidied(tmp_path)

    assert content(tmp_path) == EXPECTED
    assert (result.packed_count, result.deleted_count, result.problems) == (4, 2, ())
    assert result.freed > len(LINES)
    assert not (tmp_path / "evidence" / STAMP).exists()
    assert (tmp_path / f"accounts/{NEWEST}/bad.log").exists()


def test_a_second_tidy_finds_nothing_to_do(tmp_path: Path) -> None:
    tree(tmp_path)
    tidied(tmp_path)
    assert tidied(tmp_path) == Tidied()


def test_a_compressed_file_keeps_its_time_and_its_rights(tmp_path: Path) -> None:
    tree(tmp_path)
    log = tmp_path / f"accounts/{STAMP}/bad.log"
    os.utime(log, (1_700_000_000, 1_700_000_000))
    log.chmod(0o600)

    tidied(tmp_path)

    stat = packed_path(log).stat()
    assert (stat.st_mtime, stat.st_mode & 0o777) == (1_700_000_000, 0o600)


def test_killed_anywhere_it_loses_and_doubles_nothing_and_the_next_tidy_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 0
    while True:
        number += 1
        root = tmp_path / str(number)
        tree(root)
        with dying_at(number, monkeypatch, Killed) as made:
            try:
                tidied(root)
            except Killed:
                pass
            else:
                break
        kept = {path: b"".join(chunks(path)) for path in root.rglob("*") if path.is_file()}
        for name in EXPECTED:
            if not name.startswith("reports"):
                both = (root / name, packed_path(root / name))
                assert EXPECTED[name] in [kept.get(path) for path in both], (name, made)
        tidied(root)
        assert content(root) == EXPECTED, made
        assert tidied(root) == Tidied()
        shutil.rmtree(root)
    assert number > 20


def test_a_disk_that_refuses_anything_costs_nothing_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 0
    while True:
        number += 1
        root = tmp_path / str(number)
        tree(root)
        with dying_at(number, monkeypatch, PermissionError) as made:
            try:
                result = tidied(root)
            except PermissionError:  # of our own `render`, or the rename of a finished draft
                result = None
            if len(made) < number:
                break
        assert result is None or result.problems or made[-1] in ("unlink", "rmdir", "chmod")
        tidied(root)
        assert content(root) == EXPECTED, made
        shutil.rmtree(root)


def test_a_run_that_was_resumed_after_its_compression_keeps_both_parts(tmp_path: Path) -> None:
    tree(tmp_path)
    tidied(tmp_path)
    (tmp_path / f"accounts/{STAMP}/bad.log").write_bytes(b"resumed\n")

    tidied(tmp_path)

    assert content(tmp_path)[f"accounts/{STAMP}/bad.log"] == LINES + b"resumed\n"


def test_a_log_that_grew_after_its_compression_is_taken_as_a_whole(tmp_path: Path) -> None:
    tree(tmp_path)
    log = tmp_path / f"accounts/{STAMP}/bad.log"
    with packed_path(log).open("wb") as file:
        compress_into(file, log)
    log.write_bytes(LINES + b"later\n")

    tidied(tmp_path)

    assert content(tmp_path)[f"accounts/{STAMP}/bad.log"] == LINES + b"later\n"


def test_a_log_that_is_written_to_meanwhile_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path)
    log = tmp_path / f"accounts/{STAMP}/bad.log"
    fsync = os.fsync

    def write_then_sync(descriptor: int) -> None:
        if log.stat().st_size == len(LINES):
            with log.open("ab") as file:
                file.write(b"meanwhile\n")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", write_then_sync)
    result = tidied(tmp_path)
    monkeypatch.undo()

    assert len(result.problems) == 1
    assert "bad.log" in result.problems[0]
    assert log.read_bytes() == LINES + b"meanwhile\n"
    tidied(tmp_path)
    assert content(tmp_path)[f"accounts/{STAMP}/bad.log"] == LINES + b"meanwhile\n"


@pytest.mark.parametrize("damage", [b"", b"not zstd", None], ids=["cut", "wrong", "half"])
def test_beside_a_damaged_compressed_file_the_plain_one_stays(
    tmp_path: Path, damage: bytes | None
) -> None:
    tree(tmp_path)
    log = tmp_path / f"accounts/{STAMP}/bad.log"
    packed = packed_path(log)
    with packed.open("wb") as file:
        compress_into(file, log)
    whole = packed.read_bytes()
    packed.write_bytes(whole[: len(whole) // 2] if damage is None else damage)

    result = tidied(tmp_path)

    assert result.problems == (f"{log}: 정리하지 못했습니다 (압축 파일이 손상됨)",)
    assert log.read_bytes() == LINES


def test_reports_that_cannot_be_written_again_are_tried_again_by_the_next_tidy(
    tmp_path: Path,
) -> None:
    tree(tmp_path)
    plan = planned(tmp_path)

    result = carry_out(tmp_path, plan.by_run[STAMP], lambda _stamp: ["no room"])

    assert result.problems == ("no room",)
    assert (tmp_path / f"reports/{STAMP}/.stale").exists()
    assert [step.deed for step in planned(tmp_path).steps] == ["render"]


def test_a_tidy_that_should_stop_leaves_the_rest(tmp_path: Path) -> None:
    tree(tmp_path)
    plan = planned(tmp_path)
    before = content(tmp_path)

    stopped = carry_out(tmp_path, plan.steps, lambda _stamp: (), should_stop=lambda: True)

    assert stopped == Tidied()
    assert content(tmp_path) == before
