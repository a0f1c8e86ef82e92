"""Steps 2_1 and 4 on the sandbox, healthy and hurt; what they report is what its record says."""

from collections.abc import Sequence
from pathlib import Path

from percenty_batch import BatchManager
from percenty_batch.accounts import NO_EDITS, AccountInputs, Task, TaskStep
from percenty_batch.models import StopReason
from percenty_batch.sandbox import Faults, SandboxAccount, SandboxSite, Stock, Translation
from percenty_batch.settings import StepSettings
from tests.integration.step1.running import Run, run_with, settings_for

NEW = "신규수집"


def seller(
    name: str,
    *stock: Stock,
    faults: Faults | None = None,
    translation: Translation | None = None,
) -> SandboxAccount:
    return SandboxAccount(
        id=f"{name}@example.com",
        password=f"secret of {name}",
        shapes=(),
        grouped=0,
        popups=0,
        stock=stock,
        faults=faults or Faults(),
        translation=translation or Translation(),
    )


def run_step(step: str, accounts: Sequence[SandboxAccount], folder: Path) -> Run:
    """Run the step once; 2_1 by the same task rows for each account."""
    tasks = tuple(
        Task(
            row=row,
            code=code,
            step=TaskStep.MOVE,
            final_group="서버1",
            target_group=group,
            edits=NO_EDITS,
        )
        for row, (code, group) in enumerate({"H16": "대기1", "G03": "복제X"}.items(), start=2)
    )
    inputs = {each.id: AccountInputs(place=each.id, tasks=tasks) for each in accounts}
    with SandboxSite(accounts=accounts, latency_ms=5) as site:
        settings = settings_for(site.url, folder).model_copy(
            update={"steps": StepSettings(translation_timeout_s=12)}
        )

        def work(manager: BatchManager) -> None:
            manager.run_single_step(step=step, quantity=None)

        return run_with(site, accounts, settings, folder, work, inputs=inputs)


def amounts(run: Run, account: str) -> dict[str, tuple[str, int | None]]:
    return {item.key: (item.outcome.value, item.amount) for item in run.job(account).items}


def moved(run: Run, account: str) -> dict[str | None, object]:
    return {change.product: change.after for change in run.changes(account, "group")}


def test_keywords_are_moved_until_their_search_is_empty(tmp_path: Path) -> None:
    plain = (
        Stock(group=NEW, code="G03", count=2),
        Stock(group=NEW, code="H16", count=4),
        Stock(group="서버2", code="H16", count=2),
    )
    few = (Stock(group=NEW, code="H16", count=3), Stock(group=NEW, code="K07", count=9))
    accounts = (
        seller("plain", *plain),
        # The second product silently stays at first, the list is late, the search finds too much.
        seller(
            "hurt",
            *few,
            faults=Faults(
                silent_moves=(2,),
                stale_list_s=600,
                has_loose_search=True,
                has_lasting_selection=True,
            ),
        ),
    )
    run = run_step("2_1", accounts, tmp_path)

    one, other = (account.id for account in accounts)
    assert amounts(run, one) == {"H16@서버1": ("done", 4), "G03@서버1": ("done", 2)}
    assert amounts(run, other) == {"H16@서버1": ("done", 3), "G03@서버1": ("done", 0)}
    for account in (one, other):
        targets = {"H16": "대기1", "G03": "복제X"}
        wanted = {
            product.key: targets[code]
            for product in run.before[account]
            for code in targets
            if product.group == NEW and code in product.name
        }
        assert moved(run, account) == wanted
        assert len(run.changes(account, "group")) == len(wanted)
        assert run.job(account).stop_reason is StopReason.QUANTITY_REACHED
    assert {change.what for change in run.record} == {"sign_in", "group"}


def test_lots_are_moved_only_when_translated_and_the_quota_is_never_exceeded(
    tmp_path: Path,
) -> None:
    accounts = (
        seller("plain", Stock(group="서버1", count=3), Stock(group="서버3", count=2)),
        # The first start is answered by an error, and of what is started later, one fails.
        seller(
            "hurt",
            Stock(group="서버2", count=3),
            translation=Translation(sign="rows", errors=(1,), failing=(2,)),
        ),
        seller(
            "short",
            Stock(group="서버1", count=5),
            Stock(group="서버2", count=3),
            translation=Translation(quota=4, sign="toast", lot_s=3),
        ),
        seller(
            "hanging",
            Stock(group="서버1", count=2),
            translation=Translation(sign="rows", hanging=(1,)),
        ),
    )
    run = run_step("4", accounts, tmp_path)
    plain, hurt, short, hanging = (account.id for account in accounts)

    assert amounts(run, plain) == {"서버1#1": ("done", 3), "서버3#1": ("done", 2)}
    assert run.job(plain).stop_reason is StopReason.SOURCE_EMPTY
    assert amounts(run, hurt) == {"서버2#1": ("failed", 2)}
    assert amounts(run, short) == {"서버2#1": ("done", 3)}
    assert run.job(short).stop_reason is StopReason.QUOTA_REACHED
    assert amounts(run, hanging) == {"서버1#1": ("unknown", 0)}
    for account in (plain, hurt, short, hanging):
        translated = {
            change.product
            for change in run.changes(account, "translation")
            if change.after == "done"
        }
        assert moved(run, account).keys() == translated
        assert len(translated) == sum(item.amount or 0 for item in run.job(account).items)
        for key in translated:
            whats = [c.what for c in run.record if c.product == key]
            assert whats == ["translation", "translation", "group"]
