"""What a page's texts say of a bulk translation. Pure.

No page with a running translation was ever saved, so that how its end shows is not known. Those of
the upload are (`16/20 업로드중..`, `20/20 업로드 완료`, `모든 업로드가 완료됐습니다.` [H]), and the
translation's texts are taken to be like them. What says "running" outweighs what says "finished".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from percenty_batch.percenty.product_rows import ListedProduct

_LEFT = re.compile(r"(?:남은|잔여|남아\s*있는)[^\d]*([\d,]+)(?:\s*/\s*[\d,]+)?\s*회")
_LEFT_AFTER = re.compile(r"([\d,]+)\s*회\s*(?:가|이|만)?\s*남(?:았|아|음)")
_TIMES = re.compile(r"([\d,]+)\s*회")
_RATIO = re.compile(r"[\d,]+\s*/\s*[\d,]+\s*회")
_SELECTED = re.compile(r"선택\s*([\d,]+)\s*개\s*상품")
_COUNTED = re.compile(r"(\d+)\s*/\s*(\d+)\s*(?:개|건)?\s*(?:상품\s*)?(번역\s*중|번역|완료)")
_RESULT = re.compile(r"(\d+)\s*건\s*성공\s*/\s*(\d+)\s*건\s*실패")
_RUNNING = re.compile(r"번역\s*(?:진행\s*|처리\s*|대기\s*)?중(?!\s*(?:오류|에러))|번역\s*대기")
_OVER = re.compile(
    r"번역[이을를]?\s*(?:모두\s*)?완료(?!되면|될|하면|까지|\s*(?:후|시|전))|번역[이을를]?\s*마쳤"
)
_BROKEN = re.compile(r"번역[^.]*(?:오류|에러|실패했|실패하였|못했)")
_CHINESE = re.compile(r"[㐀-鿿]")
_PRODUCT_ID = re.compile(r"\b[0-9a-f]{24}\b")


class State(StrEnum):
    """What is said of a translation. `UNTOLD`: nothing, or nothing that can be understood."""

    UNTOLD = "untold"
    RUNNING = "running"
    FINISHED = "finished"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a dialog or message says. `failed_count` None: no figure; `failed`: those it names.

    `is_guess`: nothing was said, but the button that was pressed no longer works.
    """

    state: State
    failed_count: int | None = None
    failed: frozenset[str] = frozenset()
    is_guess: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What stands on the page besides the list. `percent` and `is_loading` None: not there."""

    lines: tuple[str, ...] = ()
    percent: float | None = None
    is_loading: bool | None = None
    is_open: bool = False


NOTHING = Shown()
_ENDS = frozenset({State.FINISHED, State.BROKEN})


def remaining_quota(text: str) -> int | None:
    """Read how many products may still be translated; None when the text does not say it surely."""
    if (left := _LEFT.search(text) or _LEFT_AFTER.search(text)) is not None:
        return _number(left[1])
    if _RATIO.search(text):  # used of all, or left of all
        return None
    figures = {_number(found) for found in _TIMES.findall(text)}
    return figures.pop() if len(figures) == 1 else None


def selected_count(text: str) -> int | None:
    """Read `선택 50개 상품`."""
    found = _SELECTED.search(text)
    return None if found is None else _number(found[1])


def told(shown: Shown, before: Shown, heard: Sequence[str] = ()) -> Told:
    """Judge what came to stand on the page since the start was pressed.

    `heard` are the lines of all messages since then: one that is gone counts where it told the
    end and the page itself says nothing now.
    """
    text = _news(shown.lines, before)
    state = _state(text, shown, before)
    if state is State.UNTOLD and (end := _last_told(heard, before)) in _ENDS:
        text, state = _news(heard, before), end
    was_loading = before.is_loading and shown.is_open and shown.is_loading is False
    is_guess = bool(was_loading) and state is State.UNTOLD
    result = _RESULT.search(text)
    return Told(
        state=State.FINISHED if is_guess else state,
        is_guess=is_guess,
        failed_count=None if result is None else int(result[2]),
        failed=frozenset(_PRODUCT_ID.findall(text)),
    )


def _news(lines: Iterable[str], before: Shown) -> str:
    return "\n".join(line for line in lines if line not in before.lines)


def _last_told(heard: Sequence[str], before: Shown) -> State:
    states = [_state(line) for line in heard if line not in before.lines]
    return next((state for state in reversed(states) if state is not State.UNTOLD), State.UNTOLD)


def _state(text: str, shown: Shown = NOTHING, before: Shown = NOTHING) -> State:
    counts = [(int(n), int(of), word) for n, of, word in _COUNTED.findall(text)]
    if shown.is_loading or _RUNNING.search(text) or any(n < of for n, of, _ in counts):
        return State.RUNNING
    percent = None if shown.percent == before.percent else shown.percent  # a quota may have a bar
    if percent is not None and percent < 100:
        return State.RUNNING
    if counts or percent is not None or _OVER.search(text):
        return State.FINISHED
    return State.BROKEN if _BROKEN.search(text) else State.UNTOLD


class Rows:
    """What the rows of one lot say, look after look. `before` are the rows as they were."""

    def __init__(self, before: Iterable[ListedProduct]) -> None:
        self._before = {row.key: row for row in before}
        self._was_running: set[str] = set()
        self._chinese: set[str] = set()
        self._states = dict.fromkeys(self._before, State.UNTOLD)

    def saw(self, rows: Mapping[str, ListedProduct]) -> State:
        """Take a look in; FINISHED when every product of the lot is known to have ended."""
        for key in self._before.keys() & rows.keys():
            self._states[key] = self._of(rows[key])
        self._chinese = {key for key in rows if key in self._before and _is_chinese(rows[key])}
        states = set(self._states.values())
        if State.RUNNING in states:
            return State.RUNNING
        return State.UNTOLD if State.UNTOLD in states or not states else State.FINISHED

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._before)

    @property
    def are_chinese(self) -> bool:
        """Whether a product of the lot still has a Chinese name, so that no end can be guessed."""
        return bool(self._chinese)

    @property
    def failed(self) -> frozenset[str]:
        return frozenset(key for key, state in self._states.items() if state is State.BROKEN)

    def _of(self, row: ListedProduct) -> State:
        before = self._before[row.key]
        if row.translation and row.translation != before.translation:
            state = _state_of_mark(row.translation)
            if state is State.RUNNING:
                self._was_running.add(row.key)
            return state
        is_korean_now = _is_chinese(before) and not _is_chinese(row)
        if is_korean_now or (row.key in self._was_running and not row.translation):
            return State.FINISHED
        return State.UNTOLD


def _is_chinese(row: ListedProduct) -> bool:
    return _CHINESE.search(row.name) is not None


def _state_of_mark(mark: str) -> State:
    if re.search(r"실패|오류|에러", mark):
        return State.BROKEN
    if re.search(r"중|대기|진행", mark):
        return State.RUNNING
    return State.FINISHED if re.search(r"완료|됨|끝", mark) else State.UNTOLD


def _number(text: str) -> int:
    return int(text.replace(",", ""))
