"""Task sheets: which keyword is worked by which step, with what edits, and moved where."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from percenty_batch.accounts.cells import (
    ChineseImages,
    Copies,
    Removal,
    Translation,
    parse_copies,
    parse_html,
    parse_removal,
    parse_translation,
    parse_unoffered,
)
from percenty_batch.accounts.groups import COLLECTED, find_group
from percenty_batch.accounts.table import (
    CellError,
    Problems,
    Row,
    Table,
    read_cell,
    require_columns,
    required,
)

EXAMPLE = ("provider_code", "final_group", "target_group")

_STEP = "step2 or step3"
_EDITS = (
    "image_delete",
    "thumbnail_delete",
    "option_image_copy",
    "image_translate",
    "html_update",
    "thumbnail_translate",
    "optionimage_translate",
)
_CODE = re.compile(r"[A-Za-z0-9]{3}")
_SERVER = re.compile(r"서버[1-3](-[1-3])?")


class TaskStep(StrEnum):
    """The column `step2 or step3`."""

    MOVE = "step2"
    EDIT = "step3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """The edits of one product, in the order in which they are made. None: not this one.

    The names are those of the columns.
    """

    image_delete: Removal | None = None
    thumbnail_delete: Removal | None = None
    option_image_copy: Copies | None = None
    image_translate: Translation | None = None
    html_update: str | None = None
    thumbnail_translate: Translation | None = None
    optionimage_translate: Translation | None = None

    def reading(self) -> Iterator[tuple[str, ChineseImages]]:
        """Tell the columns for which images must be read to find the Chinese ones."""
        for column in ("image_translate", "thumbnail_translate", "optionimage_translate"):
            if isinstance(value := getattr(self, column), ChineseImages):
                yield column, value


NO_EDITS = Edits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One row: the products whose names hold `code` are edited and moved to `target_group`.

    `final_group` is no group of the site: it says which step works the row. A row of step 2 has
    no edits, whatever its cells say. `sheet` names file and sheet in messages.
    """

    row: int
    code: str
    step: TaskStep
    final_group: str
    target_group: str
    edits: Edits
    sheet: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """Names the row in its sheet: `H16@서버1`."""
        return f"{self.code}@{self.final_group}"

    @property
    def step_id(self) -> str:
        """The step that works this row: `2_1`, `3_1`, `3_1_2` …"""
        server = self.final_group.removeprefix("서버").replace("-", "_")
        return f"{self.step.removeprefix('step')}_{server}"


def read_tasks(table: Table, problems: Problems) -> tuple[Task, ...]:
    """Read the rows in the workbook's order, those without a problem."""
    require_columns(table, (_STEP, "final_group", "target_group", *_EDITS), problems)
    tasks = tuple(filter(None, (_task(table.name, row, problems) for row in table.rows)))
    _refuse_twins(tasks, problems)
    return tasks


def shared_codes(name: str, tasks: Sequence[Task]) -> tuple[str, ...]:
    """Tell the codes that several steps work: each takes the products that it finds first."""
    first_seen: dict[str, Task] = {}
    told = []
    for task in tasks:
        first = first_seen.setdefault(task.code.casefold(), task)
        if first is not task:
            told.append(
                f"{name}:{task.row}행: provider_code {task.code!r}: {first.row}행에도 있어"
                f" {first.step_id}, {task.step_id} 중 먼저 실행한 단계가 상품을 가져갑니다"
            )
    return tuple(told)


def _task(sheet: str, row: Row, problems: Problems) -> Task | None:
    code = read_cell(row, "provider_code", _code, problems)
    step = read_cell(row, _STEP, _step, problems)
    final_group = read_cell(row, "final_group", _final_group, problems)
    target_group = read_cell(row, "target_group", _target_group, problems)
    edits = _edits(row, problems)
    if step is TaskStep.MOVE and final_group and "-" in final_group:
        problems.add(row.number, f"final_group 열: step2에는 {final_group!r}이 없습니다 (서버1~3)")
        return None
    if code is None or step is None or final_group is None or target_group is None:
        return None
    return Task(
        row=row.number,
        code=code,
        step=step,
        final_group=final_group,
        target_group=target_group,
        edits=edits if step is TaskStep.EDIT else NO_EDITS,
        sheet=sheet,
    )


def _edits(row: Row, problems: Problems) -> Edits:
    edits = Edits(
        image_delete=read_cell(row, "image_delete", parse_removal, problems),
        thumbnail_delete=read_cell(row, "thumbnail_delete", parse_removal, problems),
        option_image_copy=read_cell(row, "option_image_copy", parse_copies, problems),
        image_translate=read_cell(row, "image_translate", parse_translation, problems),
        html_update=read_cell(row, "html_update", parse_html, problems),
        thumbnail_translate=read_cell(row, "thumbnail_translate", parse_translation, problems),
        optionimage_translate=read_cell(row, "optionimage_translate", parse_translation, problems),
    )
    read_cell(row, "image_tag_insert", parse_unoffered, problems)
    return edits


def _refuse_twins(tasks: Sequence[Task], problems: Problems) -> None:
    first_seen: dict[tuple[str, str], int] = {}
    for task in tasks:
        number = first_seen.setdefault((task.code.casefold(), task.final_group), task.row)
        if number != task.row:
            problems.add(
                task.row,
                f"provider_code {task.code!r}, final_group {task.final_group!r}:"
                f" {number}행에 이미 있습니다",
            )


def _code(text: str) -> str:
    if not _CODE.fullmatch(required(text)):
        raise CellError(f"{text!r}: 영문자와 숫자 3자가 아닙니다")
    return text


def _step(text: str) -> TaskStep:
    try:
        return TaskStep(required(text).casefold())
    except ValueError:
        raise CellError(f"{text!r}: step2나 step3을 쓰세요") from None


def _final_group(text: str) -> str:
    if not _SERVER.fullmatch(required(text)):
        raise CellError(f"{text!r}: 서버1~서버3이나 서버1-1~서버3-3을 쓰세요")
    return text


def _target_group(text: str) -> str:
    group = find_group(required(text))
    if group is None:
        raise CellError(f"{text!r}: 없는 그룹입니다")
    if group == COLLECTED:
        raise CellError(f"{group!r}에서 꺼낸 상품을 같은 그룹으로 옮길 수 없습니다")
    return group
