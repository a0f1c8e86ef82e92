"""Which of a page's selects is taken for the one of the groups."""

from percenty_batch.percenty.product_filter import likeliest_group_selects


def select(position: int, shown: str, label: str = "") -> dict[str, object]:
    return {"position": position, "shown": shown, "label": label}


def test_a_label_says_it_whatever_place_the_select_has() -> None:
    status, order = select(0, "상태 검색", "상태"), select(1, "최신순", "정렬")
    group, size = select(2, "전체", "그룹"), select(3, "20개씩 보기")
    assert likeliest_group_selects([status, order, group, size], "서버1") == [2, 1]


def test_what_it_shows_says_it_where_there_is_no_label() -> None:
    first = [select(0, "전체"), select(1, "50개씩 보기")]
    assert likeliest_group_selects(first, "서버1") == [0]
    third = [select(0, "미업로드"), select(1, "최신순"), select(2, "서버1")]
    assert likeliest_group_selects(third, "서버1") == [2, 0, 1]


def test_a_group_of_an_earlier_filter_is_tried_with_the_others() -> None:
    assert likeliest_group_selects([select(0, "최신순"), select(1, "대기2")], "서버1") == [0, 1]
