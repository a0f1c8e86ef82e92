from pathlib import Path

import pytest

from percenty_batch.errors import InputError
from percenty_batch.reports import check_templates
from percenty_batch.reports.render import environment, render_batch, render_summary
from percenty_batch.reports.sample import sample_batch, sample_summary


def put(folder: Path, text: str, name: str = "batch_report.md.j2") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def rendered(template: str, **values: object) -> str:
    return environment(None).from_string(template).render(values)


def test_what_a_template_prints_is_inert() -> None:
    assert rendered("# {{ name }}", name="<b>*x*</b>\n# y") == r"# \<b\>\*x\*\</b\>\n\# y"


def test_numbers_and_the_templates_own_text_are_printed_as_they_are() -> None:
    assert rendered("- **<b>:** {{ n }}\n", n=-3) == "- **<b>:** -3\n"


def test_what_a_macro_returns_is_escaped_once() -> None:
    macro = "{% macro bold(x) %}**{{ x }}**{% endmacro %}"

    assert rendered(macro + "{{ bold(name) }}", name="a*b") == r"**a\*b**"


def test_code_and_link_are_the_ways_to_mark_up_data() -> None:
    assert rendered("{{ x | code }} {{ x | link }}", x="a*b") == r"`a*b` [a\*b](a%2Ab)"


def test_a_users_template_comes_first_and_the_other_stays_ours(tmp_path: Path) -> None:
    put(tmp_path, "내 보고서: {{ batch.job_id }}\n")

    assert render_batch(sample_batch(), tmp_path).startswith("내 보고서: single_step_1_")
    assert render_summary(sample_summary(), tmp_path).startswith("# 종합 실행 보고서\n")


def test_a_users_template_may_extend_its_own_files(tmp_path: Path) -> None:
    put(tmp_path, "{{ batch.counts.total }}개", "part.j2")
    put(tmp_path, "{% include 'part.j2' %}")

    assert render_batch(sample_batch(), tmp_path) == "4개"


def test_sound_templates_pass_the_check(tmp_path: Path) -> None:
    check_templates(None)
    check_templates(put(tmp_path, "{% for a in batch.accounts %}{{ a.name }}{% endfor %}"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n{% if %}", "2행"),
        ("\n\n{{ batch.nothing }}", "3행"),
        ("{{ nothing }}", "1행"),
        ("\n{{ 1 / 0 }}", "2행"),
        ("\n{% for a in batch.accounts %}\n{{ a.errors[5] }}{% endfor %}", "3행"),
    ],
)
def test_a_faulty_template_is_named_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    put(tmp_path, text)

    with pytest.raises(InputError, match=rf"batch_report\.md\.j2 {line}: ") as caught:
        check_templates(tmp_path)
    assert len(str(caught.value).splitlines()) == 1


def test_a_fault_in_an_included_file_is_named_there(tmp_path: Path) -> None:
    put(tmp_path, "\n{{ batch.nothing }}", "part.j2")
    put(tmp_path, "{% include 'part.j2' %}")

    with pytest.raises(InputError, match=r"part\.j2 2행: "):
        check_templates(tmp_path)


def test_a_branch_that_only_some_results_take_is_checked_too(tmp_path: Path) -> None:
    put(tmp_path, "{% for a in batch.accounts if a.status == '취소됨' %}{{ a.no }}{% endfor %}")

    with pytest.raises(InputError, match="1행"):
        check_templates(tmp_path)


def test_a_template_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "summary_report.md.j2").write_bytes("보고서".encode("cp949"))

    with pytest.raises(InputError, match=r"summary_report\.md\.j2"):
        check_templates(tmp_path)


def test_a_folder_without_our_templates_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"batch_report\.md\.j2, summary_report\.md\.j2"):
        check_templates(tmp_path)


def test_a_missing_folder_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="템플릿 폴더가 없습니다"):
        check_templates(tmp_path / "none")


def test_the_summary_links_only_reports_that_were_written() -> None:
    text = render_summary(sample_summary(), None)

    name = "batch_report_single_step_1_20241201_143052"
    assert f"- **보고서:** [{name}.md]({name}.md)\n- **JSON:** [{name}.json]({name}.json)\n" in text
    assert "- **보고서:** 작성하지 못함\n- **JSON:** 작성하지 못함\n" in text


def test_no_report_has_two_blank_lines_or_spaces_at_a_lines_end() -> None:
    for text in (render_batch(sample_batch(), None), render_summary(sample_summary(), None)):
        assert "\n\n\n" not in text
        assert all(line == line.rstrip() for line in text.splitlines())
