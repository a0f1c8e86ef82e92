"""Runs of the editing steps on the sandbox, and what is true of them by its record."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from percenty_batch import BatchManager, JobResult
from percenty_batch.accounts import AccountInputs
from percenty_batch.sandbox import Product, SandboxAccount, SandboxSite, Stock
from percenty_batch.settings import StepSettings
from tests.integration.step1.running import Run, logins, settings_for

RULES = StepSettings(image_timeout_s=4.0, option_names_timeout_s=4.0)


def account(name: str, *stock: Stock, **values: object) -> SandboxAccount:
    return SandboxAccount(
        id=f"{name}@example.com",
        password=f"pw-{name}",
        shapes=(),
        grouped=0,
        popups=0,
        stock=stock,
        **values,  # type: ignore[arg-type]
    )


def run_step(
    step: str,
    accounts: Sequence[SandboxAccount],
    inputs: Mapping[str, AccountInputs],
    folder: Path,
    *,
    rules: StepSettings = RULES,
    quantity: int | None = None,
) -> Run:
    """Run one step over accounts with a patience of seconds."""
    with SandboxSite(accounts=accounts, latency_ms=5) as site:
        settings = settings_for(site.url, folder, item_timeout_s=90.0, max_attempts=2)
        settings = settings.model_copy(update={"steps": rules})
        before = {each.id: site.products(each.id) for each in accounts}
        manager = BatchManager(settings=settings, accounts=logins(accounts), inputs=inputs)
        manager.run_single_step(step, quantity=quantity)
        return Run(
            results=manager.results,
            stamp=manager.start_time,
            folder=folder,
            record=site.record,
            before=before,
            after={each.id: site.products(each.id) for each in accounts},
        )


def groups(run: Run, of: str) -> dict[str, list[Product]]:
    """The account's products by group, as they are."""
    found: dict[str, list[Product]] = {}
    for product in run.after[of]:
        found.setdefault(product.group or "", []).append(product)
    return found


def told(job: JobResult) -> dict[str, str | None]:
    """What the result says was done, and where it went, by key."""
    return {item.key: item.moved_to for item in job.items if item.outcome == "done"}
