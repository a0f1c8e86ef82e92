"""*Since last night* as groups of lines, the gravest first. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from percenty_batch.reports.history import NIGHTS, Change, History, Mark, Past, State
from percenty_batch.reports.texts import FAILURE_KINDS

MAX_ROWS = 60
_OPEN_ROWS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    account: str
    step: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeGroup:
    """Accounts of one kind. `rule` says who belongs to it, `kind` is its class in the style.

    `rows` are shown at once, `folded` on demand.
    """

    title: str
    rule: str
    kind: str
    rows: tuple[ChangeRow, ...]
    folded: tuple[ChangeRow, ...]
    count: int

    @property
    def left_off(self) -> int:
        return self.count - len(self.rows) - len(self.folded)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    title: str
    rule: str
    kind: str
    holds: Callable[[Change], bool]
    text: Callable[[Change], str]
    order: Callable[[Change], int] = lambda change: -change.nights


def change_groups(changes: Sequence[Change]) -> tuple[ChangeGroup, ...]:
    """Group what changed; groups without an account are left out. An account that is flaky or
    under-delivered stands there beside the group of its state."""
    return tuple(_groups(changes))


def history_note(history: History | None) -> str:
    """Say what tonight is compared with."""
    if history is None:
        return "지난 밤과 비교하지 않았습니다"
    if history.problem:
        return f"지난 밤의 기록을 읽지 못했습니다: {history.problem}"
    if not history.stamps:
        return "비교할 지난 실행이 원장에 없습니다"
    return (
        f"지난 실행 {len(history.stamps)}번(최대 {NIGHTS}번)과 비교했습니다."
        f" 가장 최근: {history.stamps[0]}"
    )


def _groups(changes: Sequence[Change]) -> Iterator[ChangeGroup]:
    for group in _GROUPS:
        found = sorted(filter(group.holds, changes), key=group.order)
        if found:
            rows = tuple(
                ChangeRow(account=each.account, step=each.step, text=group.text(each))
                for each in found[:MAX_ROWS]
            )
            yield ChangeGroup(
                title=group.title,
                rule=group.rule,
                kind=group.kind,
                rows=rows[:_OPEN_ROWS],
                folded=rows[_OPEN_ROWS:],
                count=len(found),
            )


def _is(state: State) -> Callable[[Change], bool]:
    return lambda change: change.state is state


def _why(past: Past | None) -> str:
    kind = past.kind if past else None
    return FAILURE_KINDS[kind] if kind else "실패한 항목이 있음"


def _not_run(change: Change) -> str:
    planned = "시작하지 못했거나 중단됨" if change.tonight else "이번 계획에 없음"
    return f"{planned}, {change.nights}번째" if change.nights > 1 else planned


def _under(change: Change) -> str:
    tonight = change.tonight
    done = f"{tonight.requested}개 중 {tonight.done}개" if tonight else ""
    before = "" if change.last_done is None else f", 지난번 {change.last_done}개"
    return f"{done}, 오류 없음{before}"


def _never(change: Change) -> str:
    often = "처음 실행" if change.nights == 1 else f"{change.nights}번 모두 실패"
    return f"{often}, {_why(change.tonight)}"


def _flaky(change: Change) -> str:
    is_failing = change.tonight is not None and change.tonight.mark is Mark.FAILED
    return f"이번에는 {'실패' if is_failing else '성공'}"


_GROUPS = (
    _Group(
        title="새로 실패",
        rule="지난번에는 성공했고 이번에 실패",
        kind="failed",
        holds=_is(State.NEWLY_FAILING),
        text=lambda change: f"{_why(change.tonight)}, 지난번 {change.last_done}개 처리",
    ),
    _Group(
        title="계속 실패",
        rule="성공한 적이 있으나 두 번 이상 잇달아 실패",
        kind="failed",
        holds=_is(State.STILL_FAILING),
        text=lambda change: f"{change.nights}번째 밤, {_why(change.tonight)}",
    ),
    _Group(
        title="성공한 적 없음",
        rule=f"이번에 실패, 지난 {NIGHTS}번 안에 성공 없음",
        kind="failed",
        holds=_is(State.NEVER_SUCCEEDED),
        text=_never,
    ),
    _Group(
        title="실행되지 않음",
        rule="지난번 계획에는 있었으나 이번에 빠졌거나, 열어 보지 못함",
        kind="cancelled",
        holds=_is(State.NOT_RUN),
        text=_not_run,
    ),
    _Group(
        title="요청보다 적게 처리",
        rule="오류 없이 끝났으나 시도하지 않은 항목이 남음",
        kind="partial",
        holds=lambda change: change.is_under_delivered,
        text=_under,
        order=lambda change: -change.tonight.left if change.tonight else 0,
    ),
    _Group(
        title="들쭉날쭉",
        rule="최근 7번 사이에 성공과 실패가 3번 이상 바뀜",
        kind="partial",
        holds=lambda change: change.is_flaky,
        text=_flaky,
    ),
    _Group(
        title="회복",
        rule="지난번에는 실패했고 이번에 성공",
        kind="succeeded",
        holds=_is(State.RECOVERED),
        text=lambda change: f"{change.nights}번 실패한 뒤 성공",
    ),
)
