from pathlib import Path

import pytest

from percenty_batch.errors import InputError
from percenty_batch.settings import (
    Flag,
    Settings,
    check_variables,
    load_settings,
    setting_fields,
    variable_name,
)


@pytest.fixture(autouse=True)
def empty_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding)
    return path


def refusal(
    file: Path | None = None, environ: dict[str, str] | None = None, flags: tuple[Flag, ...] = ()
) -> str:
    with pytest.raises(InputError) as caught:
        load_settings(file, environ or {}, flags)
    return str(caught.value)


def test_without_any_source_the_defaults_hold() -> None:
    assert load_settings(None, {}) == Settings()


def test_flags_beat_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    file = write(
        tmp_path / "s.toml",
        "quantity = 1\n[jobs]\nconcurrency = 1\nmax_attempts = 9\n",
    )
    environ = {"PERCENTY_QUANTITY": "2", "PERCENTY_JOBS__CONCURRENCY": "2"}
    flags = [Flag(option="--quantity", key="quantity", value=3)]

    settings = load_settings(file, environ, flags)

    assert (settings.quantity, settings.jobs.concurrency, settings.jobs.max_attempts) == (3, 2, 9)


def test_a_flag_that_was_not_given_changes_nothing() -> None:
    flags = [Flag(option="--quantity", key="quantity", value=None)]

    assert load_settings(None, {"PERCENTY_QUANTITY": "2"}, flags).quantity == 2


def test_the_file_of_the_working_directory_is_read_unless_another_is_named(tmp_path: Path) -> None:
    write(Path("percenty_batch.toml"), "quantity = 7\n")
    other = write(tmp_path / "other.toml", "quantity = 8\n")

    assert load_settings(None, {}).quantity == 7
    assert load_settings(other, {}).quantity == 8


def test_relative_paths_in_a_file_start_at_the_files_own_folder(tmp_path: Path) -> None:
    file = write(tmp_path / "etc" / "s.toml", 'accounts_file = "a.csv"\n[logs]\nfolder = "/logs"\n')

    settings = load_settings(file, {})

    assert settings.accounts_file == tmp_path / "etc" / "a.csv"
    assert settings.logs.folder == Path("/logs")


def test_relative_paths_in_the_working_directorys_file_stay_relative() -> None:
    write(Path("percenty_batch.toml"), '[logs]\nfolder = "nightly"\n')

    assert load_settings(None, {}).logs.folder == Path("nightly")


def test_an_empty_variable_counts_as_not_set() -> None:
    environ = {"PERCENTY_QUANTITY": "", "PERCENTY_MISSPELT": ""}

    check_variables(environ)
    assert load_settings(None, environ) == Settings()


def test_a_list_in_a_variable_is_separated_by_commas() -> None:
    environ = {"PERCENTY_BROWSER__BLOCKED_HOSTS": "a.example, b.example"}

    assert load_settings(None, environ).browser.blocked_hosts == ("a.example", "b.example")


def test_every_setting_can_be_given_by_its_variable() -> None:
    values = {
        "browser.sandbox": "off",
        "browser.blocked_hosts": "x.example",
        "site.base_url": "http://127.0.0.1:1/",
        "steps.keyword_order": "round_robin",
        "logs.format": "json",
        "logs.level": "debug",
        "reports.formats": "junit,csv",
        "jobs.max_browser_deaths": "2",
        "dashboard.token": "sixteen-letters.",
    }
    for key, field in setting_fields():
        text = values.get(key) or ("true" if field.annotation is bool else "5")
        load_settings(None, {variable_name(key): text})
        check_variables({variable_name(key): text})


def test_every_setting_is_described_in_korean() -> None:
    for key, field in setting_fields():
        assert any("가" <= letter <= "힣" for letter in field.description or ""), key


@pytest.mark.parametrize("value", ["", "x", -1, 1.5, float("inf"), [], [3], True, {"a": 1}])
def test_no_refused_value_falls_back_to_a_vague_message(value: object) -> None:
    said = []
    for key, _ in setting_fields():
        try:
            load_settings(None, {}, [Flag(option="--it", key=key, value=value)])
        except InputError as error:
            said.append(str(error))

    assert said
    assert all(text.startswith("--it: ") and "쓸 수 없는 값" not in text for text in said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("quantty = 3\n", "quantty: 알 수 없는 설정입니다 (quantity인가요?)"),
        ("[jobs]\nconcurency = 3\n", "jobs.concurency: 알 수 없는 설정입니다 (jobs.concurrency"),
        ("[zzz]\n", "zzz: 알 수 없는 설정입니다"),
        ("jobs = 3\n", "jobs: 값이 아니라 섹션입니다 ([jobs] 아래에 쓰세요)"),
        (
            "[jobs]\nmax_browser_deaths = 4\n",
            "jobs.max_browser_deaths: 3 이하여야 합니다 (입력: 4)",
        ),
        ("[quantity]\nx = 1\n", "quantity.x: 알 수 없는 설정입니다"),
        ("quantity = 0\n", "quantity: 0보다 커야 합니다 (입력: 0)"),
        (
            '[logs]\nformat = "xml"\n',
            "logs.format: 'text', 'json' 중 하나여야 합니다 (입력: 'xml')",
        ),
        ("[browser]\nblocked_hosts = [1]\n", "browser.blocked_hosts: 문자열이어야 합니다"),
        ("[jobs]\nitem_timeout_s = inf\n", "jobs.item_timeout_s: 유한한 숫자여야 합니다"),
    ],
)
def test_a_bad_file_is_refused_by_its_name_and_key(tmp_path: Path, text: str, said: str) -> None:
    file = write(tmp_path / "s.toml", text)

    assert refusal(file).startswith(f"{file}: {said}")


def test_every_problem_of_a_file_has_its_own_line(tmp_path: Path) -> None:
    file = write(tmp_path / "s.toml", "quantity = 0\n[jobs]\nconcurrency = -1\n")

    assert len(refusal(file).splitlines()) == 2


def test_a_syntax_error_is_told_with_its_row(tmp_path: Path) -> None:
    file = write(tmp_path / "s.toml", "quantity = 3\nquantity 4\n")

    assert refusal(file) == f"{file}:2행: TOML 문법이 잘못되었습니다"


def test_a_missing_file_and_one_that_is_not_utf8_are_refused(tmp_path: Path) -> None:
    assert "설정 파일을 읽을 수 없습니다 (없음)" in refusal(tmp_path / "no.toml")
    file = write(tmp_path / "s.toml", "# 한글\n", encoding="cp949")
    assert "UTF-8이 아닙니다" in refusal(file)


def test_a_bad_variable_is_refused_by_its_name() -> None:
    said = refusal(environ={"PERCENTY_JOBS__CONCURRENCY": "four"})

    assert said == "환경 변수 PERCENTY_JOBS__CONCURRENCY: 정수여야 합니다 (입력: 'four')"


def test_a_bad_flag_is_refused_by_its_option() -> None:
    said = refusal(flags=(Flag(option="--base-url", key="site.base_url", value="nowhere"),))

    assert said == "--base-url: http:// 또는 https:// 주소여야 합니다 (입력: 'nowhere')"


def test_an_unknown_variable_is_refused_unless_a_password_stands_in_it() -> None:
    environ = {"PERCENTY_PASSWORD_1": "x", "PERCENTY_QUANTTY": "3", "PERCENTYX": "1"}

    with pytest.raises(InputError) as caught:
        check_variables(environ, allowed={"PERCENTY_PASSWORD_1"})

    assert str(caught.value) == (
        "환경 변수 PERCENTY_QUANTTY: 알 수 없는 설정입니다 (PERCENTY_QUANTITY인가요?)"
    )
