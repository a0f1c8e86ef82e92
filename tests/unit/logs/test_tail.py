from pathlib import Path

from percenty_batch.logs import Follower


def test_only_whole_and_new_lines_are_told(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    follower = Follower(log)
    assert follower.new_lines() == []  # not there yet

    log.write_text("1\n2\n3\n", encoding="utf-8")
    assert follower.last_lines(2) == ["2", "3"]
    with log.open("a", encoding="utf-8") as file:
        file.write("4\nhalf")
        file.flush()
        assert follower.new_lines() == ["4"]
        assert follower.new_lines() == []
        file.write(" done\n")
        file.flush()
        assert follower.new_lines() == ["half done"]
    assert follower.take_news() is None


def test_a_file_that_was_cut_is_read_from_its_begin(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("1\n2\n", encoding="utf-8")
    follower = Follower(log)
    follower.last_lines(0)
    log.write_text("3\n", encoding="utf-8")
    assert follower.new_lines() == ["3"]
    assert follower.take_news() == "로그 파일이 잘렸습니다"
    assert follower.take_news() is None


def test_a_file_that_was_deleted_and_made_anew_is_read_from_its_begin(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("1\n", encoding="utf-8")
    follower = Follower(log)
    follower.last_lines(0)
    log.rename(tmp_path / "kept")  # so that its number is not given to the new one
    assert follower.new_lines() == []
    log.write_text("1\n2\n3\n", encoding="utf-8")
    assert follower.new_lines() == ["1", "2", "3"]
    assert follower.take_news() == "로그 파일이 새로 만들어졌습니다"


def test_a_character_that_is_written_in_two_halves_is_whole(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    follower = Follower(log)
    text = "한글\n".encode()
    log.write_bytes(text[:4])
    assert follower.new_lines() == []
    log.write_bytes(text)
    assert follower.new_lines() == ["한글"]


def test_of_a_long_log_only_the_end_is_looked_at(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("".join(f"line {number}\n" for number in range(1000)), encoding="utf-8")
    follower = Follower(log)

    assert follower.last_lines(10, within=25) == ["line 998", "line 999"]
    assert follower.new_lines() == []
    assert Follower(log).last_lines(2, within=1 << 20) == ["line 998", "line 999"]
    assert Follower(tmp_path / "none.log").last_lines(2, within=30) == []
