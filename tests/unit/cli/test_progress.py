import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from percenty_batch.cli.progress import LiveProgress, PlainProgress, showing_progress
from percenty_batch.events import Event, ItemDone, JobFinished, JobStarted
from percenty_batch.models import ItemOutcome, ItemResult, JobResult, StopReason

NOON = datetime(2024, 12, 1, 12, 0, tzinfo=UTC)
HEIGHT = 12


def started(account: str, attempt: int = 1) -> JobStarted:
    return JobStarted(job_id="j", account=account, requested=4, attempt=attempt)


def item_done(account: str, index: int) -> ItemDone:
    item = ItemResult(key="k", outcome=ItemOutcome.DONE)
    return ItemDone(job_id="j", account=account, index=index, item=item)


def finished(account: str, outcome: ItemOutcome = ItemOutcome.DONE) -> JobFinished:
    items = tuple(ItemResult(key=f"k{n}", outcome=outcome, reason="canary") for n in range(2))
    result = JobResult(
        account=account,
        step="1",
        requested=2,
        items=items,
        stop_reason=StopReason.QUANTITY_REACHED,
        failure=None,
        attempts=1,
        started_at=NOON,
        finished_at=NOON,
        duration_s=3.0,
    )
    return JobFinished(job_id="j", result=result)


def live() -> tuple[LiveProgress, io.StringIO]:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, height=HEIGHT)
    return LiveProgress(30, console), screen


def shown(progress: LiveProgress) -> list[tuple[str, float, float | None]]:
    return [(t.description, t.completed, t.total) for t in progress.bars.tasks]


def test_plain_progress_is_one_line_for_each_finished_account() -> None:
    lines: list[str] = []
    progress = PlainProgress(2, lines.append)
    events: list[Event] = [
        started("a@example.com"),
        item_done("a@example.com", 1),
        finished("a@example.com"),
        started("b@example.com"),
        finished("b@example.com", ItemOutcome.FAILED),
    ]

    for event in events:
        progress(event)

    assert lines == [
        "[1/2] ✅ a@example.com: 처리 2개, 실패 0개 (3.0초)",
        "[2/2] ❌ b@example.com: 처리 0개, 실패 2개 (3.0초) - 실패 2개 (k0: canary)",
    ]


def test_secrets_are_taken_out_of_progress_lines() -> None:
    lines: list[str] = []
    progress = PlainProgress(1, lines.append, lambda text: text.replace("canary", "***"))

    progress(finished("b@example.com", ItemOutcome.FAILED))

    assert lines[0].endswith("(k0: ***)")


def test_without_a_terminal_no_control_character_is_written(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with showing_progress(1) as display:
        display.on_event(started("a@example.com"))
        display.on_event(finished("a@example.com"))
        display.write_line("한 줄")

    written = capfd.readouterr()
    assert written.err == "[1/1] ✅ a@example.com: 처리 2개, 실패 0개 (3.0초)\n한 줄\n"
    assert written.out == ""


def test_live_progress_has_a_bar_for_each_running_account_and_one_for_all() -> None:
    progress, _ = live()

    progress(started("a@example.com"))
    progress(started("b@example.com"))
    progress(item_done("a@example.com", 3))
    progress(finished("b@example.com"))

    assert shown(progress) == [("전체 계정", 1, 30), ("a@example.com", 3, 4)]


def test_a_further_attempt_goes_on_with_the_bar_of_its_account() -> None:
    progress, _ = live()

    progress(started("a@example.com"))
    progress(item_done("a@example.com", 2))
    progress(started("a@example.com", attempt=2))

    assert shown(progress) == [("전체 계정", 0, 30), ("a@example.com", 2, 4)]


def test_an_account_that_never_started_still_counts_as_finished() -> None:
    progress, _ = live()

    progress(finished("a@example.com"))

    assert shown(progress) == [("전체 계정", 1, 30)]


def test_many_running_accounts_never_take_more_than_the_screen() -> None:
    progress, screen = live()

    with progress.bars:
        for number in range(30):
            progress(started(f"user{number}@example.com"))
        progress.bars.refresh()
        frame = screen.getvalue().rpartition("\r")[2]

    assert "전체 계정" in frame
    assert frame.count("\n") < HEIGHT


def test_markup_in_an_account_or_line_is_shown_as_it_is() -> None:
    progress, screen = live()

    with progress.bars:
        progress(started("[red]a@example.com"))
        progress.write_line("[bold]줄[/bold] :smile:")
        progress.bars.refresh()

    assert "[red]a@example.com" in screen.getvalue()
    assert "[bold]줄[/bold] :smile:" in screen.getvalue()
