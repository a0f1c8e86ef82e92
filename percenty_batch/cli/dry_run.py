"""`percenty-batch run --dry-run`: what a run would do, in a few lines."""

from collections.abc import Iterator, Mapping, Sequence

import click

from percenty_batch.accounts import AccountInputs
from percenty_batch.cli.outcome import (
    COULD_NOT_RUN,
    DEADLINE,
    SIGNALLED,
    SOME_FAILED,
    SUCCEEDED,
)
from percenty_batch.logs import Secrets, one_line
from percenty_batch.manager import BatchManager, DryRun, Outlook
from percenty_batch.models import Account
from percenty_batch.settings import Settings


def preview(
    steps: Sequence[str],
    settings: Settings,
    accounts: Sequence[Account],
    *,
    inputs: Mapping[str, AccountInputs],
    secrets: Sequence[str] = (),
    should_mirror: bool = False,
) -> int:
    """Look at what the steps would do, print the plan and return the exit code."""
    known = Secrets()
    known.add(*(account.password for account in accounts), *secrets)
    manager = BatchManager(
        settings=settings,
        accounts=accounts,
        inputs=inputs,
        mirror=(lambda line: click.echo(line, err=True)) if should_mirror else None,
        secrets=secrets,
    )
    seen = manager.dry_run(steps, [account.id for account in accounts], settings.quantity)
    for line in plan_lines(seen):
        click.echo(known.mask(line))
    return exit_code(seen)


def exit_code(seen: DryRun) -> int:
    """Choose as for a run: a signal, the deadline, nothing that could be looked at, a failure."""
    if seen.interrupted_by is not None:
        return SIGNALLED + seen.interrupted_by
    if seen.is_late:
        return DEADLINE
    failures = [each.failure is not None for each in seen.outlooks]
    if all(failures):
        return COULD_NOT_RUN
    return SOME_FAILED if any(failures) else SUCCEEDED


def plan_lines(seen: DryRun) -> Iterator[str]:
    """Tell each step with its accounts, then what is left of today's limits, then the sum."""
    yield "미리 보기: 사이트에서 아무것도 바꾸지 않았습니다"
    for step in {each.step.id: each.step for each in seen.outlooks}.values():
        yield f"[{step.id}] {step.title}"
        for each in seen.outlooks:
            if each.step.id == step.id:
                yield f"  {_outlook_line(each, step.unit)}"
                yield from (
                    f"    {one_line(line)}" for line in (each.found.lines if each.found else ())
                )
    for account, lines in seen.budgets.items():
        if lines:
            yield f"오늘 남은 한도 - {one_line(account)}: {', '.join(lines)}"
    yield _sum_line(seen)


def _outlook_line(each: Outlook, unit: str) -> str:
    account = one_line(each.account)
    if each.failure is not None:
        return f"❌ {account}: {one_line(each.failure.message)}"
    if each.found is None:
        return f"❌ {account}: 확인하지 않음"
    found = "알 수 없음" if each.found.count is None else f"{each.found.count}개"
    return f"✅ {account}: {unit} {found} (요청 {each.requested}개), {_duration(each)}"


def _duration(each: Outlook) -> str:
    if each.seconds_per_item is None:
        return "예상 시간: 알 수 없음 (이 계정과 단계의 완료 기록이 없음)"
    pace = f"완료 {each.known_items}개의 중앙값 {each.seconds_per_item:.1f}초"
    if each.expected_s is None:
        return f"예상 시간: 알 수 없음 ({pace})"
    return f"예상 시간: {_time(each.expected_s)} ({pace})"


def _sum_line(seen: DryRun) -> str:
    accounts = {each.account for each in seen.outlooks}
    failed = {each.account for each in seen.outlooks if each.found is None}
    items = sum(each.expected_items or 0 for each in seen.outlooks)
    return (
        f"합계: 계정 {len(accounts)}개 중 {len(accounts - failed)}개 확인,"
        f" 처리 예정 {items}개, {_whole_time(seen)}"
    )


def _whole_time(seen: DryRun) -> str:
    """The longest account, or all of them by how many go at once, whichever is longer."""
    known = [each for each in seen.outlooks if each.expected_s is not None]
    open_ends = sum(each.found is not None and each.expected_s is None for each in seen.outlooks)
    if not known:
        return "예상 시간: 알 수 없음"
    by_account: dict[str, float] = {}
    for each in known:
        by_account[each.account] = by_account.get(each.account, 0.0) + (each.expected_s or 0.0)
    whole_s = max(*by_account.values(), sum(by_account.values()) / seen.concurrency)
    rest = f" (알 수 없는 {open_ends}건 제외)" if open_ends else ""
    return f"예상 시간: {_time(whole_s)}, 동시에 계정 {seen.concurrency}개{rest}"


def _time(seconds: float) -> str:
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "시간"), (minutes, "분"), (left, "초"))
    return " ".join(f"{count}{unit}" for count, unit in parts if count) or "0초"
