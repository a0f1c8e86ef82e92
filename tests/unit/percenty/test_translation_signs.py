"""What the texts of a translation are taken to say, and what they are not."""

import pytest

from percenty_batch.percenty.product_rows import ListedProduct
from percenty_batch.percenty.translation_signs import (
    Rows,
    Shown,
    State,
    Told,
    remaining_quota,
    selected_count,
    told,
)

BEFORE = Shown(
    lines=("남은 횟수 300회", "번역이 완료되면 알려드립니다", "번역 중에는 창을 닫지 마세요"),
    is_loading=False,
    is_open=True,
)


@pytest.mark.parametrize(
    ("text", "remaining"),
    [
        ("300회", 300),
        ("오늘 남은 번역 횟수: 1,250 회", 1250),
        ("하루 300회 중 남은 횟수 12회", 12),
        ("잔여 횟수 250 / 300회", 250),
        ("남은 횟수 0회", 0),
        ("하루 300회까지 번역할 수 있으며, 오늘은 52회 남았습니다.", 52),
        ("하루 300회 중 7회가 남음", 7),
        ("300회 번역할 수 있습니다. 선택 50개 상품 (300회)", 300),
        ("하루 300회, 오늘 12회", None),
        ("50/300회", None),
        ("-회", None),
        ("선택 50개 상품", None),
        ("", None),
    ],
)
def test_a_quota_is_read_or_not_known_and_never_guessed(text: str, remaining: int | None) -> None:
    assert remaining_quota(text) == remaining


def test_the_dialogs_own_count_is_read() -> None:
    assert selected_count("선택 50개 상품을 번역합니다") == 50
    assert selected_count("선택  1,050 개 상품") == 1050
    assert selected_count("총 50개 상품") is None


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        (("16/50 번역중..", "16건 성공 / 0건 실패"), State.RUNNING),
        (("50/50 번역중..",), State.RUNNING),
        (("50/50 번역 완료",), State.FINISHED),
        (("49/50 번역 완료",), State.RUNNING),
        (("모든 번역이 완료됐습니다.",), State.FINISHED),
        (("일괄 번역이 완료되었습니다",), State.FINISHED),
        (("번역 완료",), State.FINISHED),
        (("일괄 번역을 시작했습니다.",), State.UNTOLD),
        (("번역이 완료될 때까지 기다려 주세요",), State.UNTOLD),
        (("번역 완료 후 알림",), State.UNTOLD),
        (("모든 번역이 완료됐습니다.", "번역중"), State.RUNNING),
        (("번역 중 오류가 발생했습니다",), State.BROKEN),
        (("번역에 실패했습니다",), State.BROKEN),
        (BEFORE.lines, State.UNTOLD),
        ((), State.UNTOLD),
    ],
)
def test_only_new_texts_that_say_so_are_an_end(lines: tuple[str, ...], state: State) -> None:
    assert told(Shown(lines=lines, is_open=True), BEFORE).state is state


def test_a_bar_and_a_loading_button_say_that_it_runs() -> None:
    assert told(Shown(percent=99), BEFORE).state is State.RUNNING
    assert told(Shown(percent=100), BEFORE).state is State.FINISHED
    assert told(Shown(percent=100), Shown(percent=100)).state is State.UNTOLD
    assert told(Shown(is_loading=True, is_open=True), BEFORE).state is State.RUNNING


def test_a_button_that_loads_no_more_while_its_dialog_is_open_is_a_guess_at_the_end() -> None:
    was_loading, loads_no_more = Shown(is_loading=True), Shown(is_loading=False, is_open=True)
    assert told(loads_no_more, was_loading) == Told(state=State.FINISHED, is_guess=True)
    assert told(Shown(), was_loading) == Told(state=State.UNTOLD)
    heard = ("번역이 완료되었습니다",)
    assert told(loads_no_more, was_loading, heard) == Told(state=State.FINISHED)


@pytest.mark.parametrize(
    ("heard", "state"),
    [
        (("번역 중입니다", "번역이 완료되었습니다"), State.FINISHED),
        (("번역이 완료되었습니다", "그룹이 변경되었습니다"), State.FINISHED),
        (("번역 처리 중 오류가 발생했습니다",), State.BROKEN),
        (("번역이 완료되었습니다", "번역 중입니다"), State.UNTOLD),
        (("번역 중입니다",), State.UNTOLD),
        (("완료되면 알려드립니다",), State.UNTOLD),
        ((), State.UNTOLD),
    ],
)
def test_a_message_that_is_gone_counts_where_it_told_the_end(
    heard: tuple[str, ...], state: State
) -> None:
    assert told(Shown(), BEFORE, heard).state is state


def test_what_the_page_says_now_outweighs_a_message_that_is_gone() -> None:
    assert told(Shown(percent=50), BEFORE, ["번역이 완료되었습니다"]).state is State.RUNNING


def test_a_message_from_before_the_start_tells_nothing() -> None:
    before = Shown(lines=("번역이 완료되었습니다",))
    assert told(Shown(), before, before.lines).state is State.UNTOLD


def test_the_figures_of_a_message_that_is_gone_are_read() -> None:
    said = told(Shown(), BEFORE, ("2건 성공 / 1건 실패", "번역이 완료되었습니다"))
    assert (said.state, said.failed_count) == (State.FINISHED, 1)


def test_failures_are_counted_and_named_where_the_dialog_does_so() -> None:
    key = "0123456789abcdef01234567"
    said = told(Shown(lines=("3/3 번역 완료", "2건 성공 / 1건 실패", f"{key} 오류")), BEFORE)
    assert (said.failed_count, set(said.failed)) == (1, {key})


def row(key: str, mark: str = "", name: str = "의자 H16Z1") -> ListedProduct:
    return ListedProduct(key=key, name=name, name_position=0, group="서버1", translation=mark)


def look(rows: Rows, *seen: ListedProduct) -> State:
    return rows.saw({each.key: each for each in seen})


def test_rows_have_ended_when_the_last_one_has() -> None:
    rows = Rows([row("a"), row("b")])
    assert look(rows, row("a"), row("b")) is State.UNTOLD
    assert look(rows, row("a", "번역중"), row("b", "번역 대기")) is State.RUNNING
    assert look(rows, row("a", "번역 완료"), row("b", "번역중")) is State.RUNNING
    assert look(rows, row("a", "번역 완료"), row("b", "번역 실패")) is State.FINISHED
    assert rows.failed == {"b"}


def test_a_mark_that_went_away_and_a_name_that_is_korean_now_are_ends() -> None:
    rows = Rows([row("a"), row("b", name="女士外套 H16Z1")])
    assert look(rows, row("a", "번역 진행중"), row("b", name="女士外套 H16Z1")) is State.RUNNING
    assert look(rows, row("a"), row("b", name="여성 외투 H16Z1")) is State.FINISHED


def test_a_lot_is_chinese_while_one_of_its_products_is() -> None:
    rows, other = Rows([row("a", name="女士外套 H16Z1"), row("b")]), row("c", name="椅子")
    are_chinese = [rows.are_chinese]
    for name in ("女士外套 H16Z1", "여성 외투 H16Z1"):
        look(rows, row("a", name=name), row("b"), other)
        are_chinese.append(rows.are_chinese)
    assert are_chinese == [False, True, False]


def test_a_mark_of_an_earlier_translation_tells_nothing_of_this_one() -> None:
    rows = Rows([row("a", "번역 완료")])
    assert look(rows, row("a", "번역 완료")) is State.UNTOLD
    assert look(rows, row("a", "번역중")) is State.RUNNING
    assert look(rows, row("a", "번역 완료")) is State.UNTOLD


def test_a_row_out_of_sight_keeps_what_was_seen_of_it() -> None:
    rows = Rows([row("a"), row("b")])
    assert look(rows, row("a", "번역 완료")) is State.UNTOLD
    assert look(rows, row("b", "번역 완료")) is State.FINISHED
