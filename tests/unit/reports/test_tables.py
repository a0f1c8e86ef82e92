"""CSV and JUnit: all rows are there, and no text in them is more than text."""

import csv
import io
import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.models import BatchResult, JobStatus
from percenty_batch.reports.junit import junit_xml
from percenty_batch.reports.tables import HANDOVER_NAMES, ROW_NAMES, handover_csv, inert, rows_csv
from tests.unit.reports.hostile import TEXTS, hostile_run
from tests.unit.reports.test_any_result import BATCHES, LOGS, patient
from tests.unit.reports.test_page import REFUSED, SLOW, batch, job

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@patient
@given(BATCHES)
def test_every_item_is_a_row_and_so_is_an_account_without_one(result: BatchResult) -> None:
    told = rows("".join(rows_csv([result], {})))

    assert len(told) == sum(max(len(job.items), 1) for job in result.jobs)
    assert [row["outcome"] for row in told if row["outcome"]] == [
        item.outcome.value for job in result.jobs for item in job.items
    ]


@given(st.text() | st.sampled_from(TEXTS))
def test_no_cell_begins_like_a_formula_or_breaks_its_line(text: str) -> None:
    cell = inert(text)
    assert not cell.lstrip().startswith(FORMULA)
    assert len(cell.splitlines()) <= 1
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", cell)


def test_a_hostile_run_makes_tables_of_their_own_columns_only() -> None:
    every = "".join(rows_csv([hostile_run()], {}))
    people = "".join(handover_csv([hostile_run()], {}, LOGS))

    assert len(every) < 200_000
    for text, names in ((every, ROW_NAMES), (people, HANDOVER_NAMES)):
        assert text.startswith("\ufeff" + ",".join(names))
        told = rows(text)
        assert told
        assert all(set(row) == set(names) for row in told)
        cells = [cell for row in told for cell in row.values()]
        assert not any(cell.lstrip().startswith(FORMULA) for cell in cells)


def test_only_who_needs_a_person_is_handed_over() -> None:
    result = batch(job(1), job(2, done=0, failure=REFUSED), job(3, done=0, failure=SLOW))
    (row,) = rows("".join(handover_csv([result], {}, LOGS)))

    assert row == {
        "account": "user2@example.com",
        "step": "1",
        "failure_kind": "wrong_password",
        "failure": "비밀번호 오류",
        "message": "비밀번호가 올바르지 않습니다",
        "to_do": "비밀번호를 확인하고 계정 파일을 고치세요",
        "nights": "",
        "log": "logs/errors/s/user2@example.com_errors.log",
    }


@patient
@given(st.lists(BATCHES, max_size=2))
def test_junit_has_a_case_per_account_and_its_counts_are_those_of_the_cases(
    results: list[BatchResult],
) -> None:
    root = ET.fromstring("".join(junit_xml(results)))  # noqa: S314 - we wrote it

    for suite, result in zip(root, results, strict=True):
        cases = suite.findall("testcase")
        assert len(cases) == len(result.jobs) == int(suite.attrib["tests"])
        assert len(suite.findall("testcase/failure")) == int(suite.attrib["failures"])
        assert len(suite.findall("testcase/skipped")) == int(suite.attrib["skipped"])
        statuses = [job.status for job in result.jobs]
        assert [len(case) == 0 for case in cases] == [
            status is JobStatus.SUCCEEDED for status in statuses
        ]


def test_junit_of_a_hostile_run_is_well_formed_and_small() -> None:
    text = "".join(junit_xml([hostile_run()]))
    root = ET.fromstring(text)  # noqa: S314 - we wrote it

    assert len(text) < 100_000
    assert {element.tag for element in root.iter()} == {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
    }
