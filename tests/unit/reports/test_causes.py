from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.errors import FailureKind
from percenty_batch.reports.causes import Trouble, grouped

AT = datetime(2026, 1, 5, 2, 14, 9).astimezone()
URL = "https://www.percenty.co.kr/login"


def trouble(
    message: str,
    number: int = 0,
    kind: FailureKind | None = FailureKind.TIMEOUT,
    *,
    is_before_work: bool = True,
) -> Trouble:
    return Trouble(
        account=f"user{number}@example.com",
        key=None,
        kind=kind,
        message=message,
        is_before_work=is_before_work,
        at=AT + timedelta(seconds=number),
    )


def lines(*troubles: Trouble) -> list[str]:
    return [cause.line for cause in grouped(troubles)]


def test_a_cause_is_one_line_with_how_many_when_first_and_where() -> None:
    waited = [trouble(f"로그인 응답 없음 ({URL})", number) for number in range(12)]
    refused = [trouble("비밀번호 오류", n, FailureKind.WRONG_PASSWORD) for n in (12, 13)]

    assert lines(*reversed(waited), *refused) == [
        f"14개 중 12개: 첫 항목 전 시간 초과: 로그인 응답 없음 ({URL}),"
        " 처음 02:14:09, 모두 같은 URL",
        "14개 중 2개: 비밀번호 오류, 처음 02:14:21",
    ]


def test_names_numbers_and_addresses_do_not_part_what_is_the_same() -> None:
    told = lines(
        trouble("상품 650a1b2c3d4e5f6071829304: '빨간 컵' 3개 초과 https://a.example/1", 1),
        trouble("상품 750a1b2c3d4e5f6071829304: '파란 컵' 17개 초과 https://a.example/2", 2),
    )
    assert told == [
        "2개 중 2개: 첫 항목 전 시간 초과: 상품 …: … …개 초과 …, 처음 02:14:10, URL 2가지"
    ]


def test_kinds_and_stages_are_told_apart() -> None:
    told = lines(
        trouble("같은 말", 1),
        trouble("같은 말", 2, is_before_work=False),
        trouble("같은 말", 3, FailureKind.DATA, is_before_work=False),
        trouble("같은 말", 4, None, is_before_work=False),
    )
    assert len(told) == 4


@given(
    st.lists(
        st.builds(
            trouble,
            st.text(max_size=30) | st.sampled_from([f"a {URL}", "b 12", "b 13"]),
            st.integers(0, 99),
            st.none() | st.sampled_from(FailureKind),
            is_before_work=st.booleans(),
        ),
        max_size=20,
    )
)
def test_every_failure_is_counted_once_and_the_most_frequent_comes_first(
    troubles: list[Trouble],
) -> None:
    causes = grouped(troubles)

    assert sum(cause.count for cause in causes) == len(troubles)
    assert [cause.count for cause in causes] == sorted((c.count for c in causes), reverse=True)
    assert {account for cause in causes for account in cause.accounts} == {
        each.account for each in troubles
    }
    assert all(cause.line.count("\n") == 0 for cause in causes)
    again = grouped(reversed(troubles))
    assert [(each.line, sorted(each.accounts)) for each in again] == [
        (each.line, sorted(each.accounts)) for each in causes
    ]


def test_a_message_of_ten_megabytes_makes_a_short_line() -> None:
    assert len(lines(trouble("가" * 10_000_000))[0]) < 500
