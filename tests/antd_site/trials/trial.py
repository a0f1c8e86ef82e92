"""One step on one variant of the site: run it, and keep what is needed to judge it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from percenty_batch import Account, BatchManager, JobResult, Settings
from percenty_batch.accounts import AccountInputs
from percenty_batch.settings import JobSettings, LogSettings, SiteSettings, StateSettings
from tests.antd_site.libs import libs_for_tests
from tests.antd_site.options import Options, SiteAccount
from tests.antd_site.site import AntdSite
from tests.antd_site.world import Change, Product

EMAIL = "seller@example.com"
PASSWORD = "Canary-antd-7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a step left. `before` and `after` are the site's products by id, newest first."""

    options: Options
    job: JobResult
    record: list[Change]
    before: dict[str, Product]
    after: dict[str, Product]

    def changes(self, what: str, product: str | None = None) -> list[Change]:
        return [c for c in self.record if c.what == what and product in (None, c.product)]

    def moved(self) -> dict[str, object]:
        """Return the group that each moved product came to at last."""
        return {change.product: change.after for change in self.changes("group")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Something of the package that is tried on variants of the site.

    `settings` names the options that matter to it; the matrix pairs these alone. `run` takes a
    variant's number, the variant, and a folder for logs; it returns what does not agree.
    """

    name: str
    settings: tuple[str, ...]
    run: Callable[[int, Options, Path], list[str]]


def run_step(
    step: str,
    seller: SiteAccount,
    options: Options,
    folder: Path,
    quantity: int | None = None,
    inputs: AccountInputs | None = None,
) -> Seen:
    """Serve the variant and run the step on it; logs and evidence go into `folder`."""
    with AntdSite(libs=libs_for_tests(), accounts=[seller], options=options) as site:
        before = {product.id: product for product in site.products(seller.email)}
        manager = BatchManager(
            settings=settings_for(site.url, folder),
            accounts=[Account(id=seller.email, password=seller.password)],
            inputs={} if inputs is None else {seller.email: inputs},
        )
        result = manager.run_single_step(step=step, quantity=quantity)
    return Seen(
        options=options,
        job=result.jobs[0],
        record=site.record,
        before=before,
        after={product.id: product for product in site.products(seller.email)},
    )


def settings_for(url: str, folder: Path) -> Settings:
    """These sites answer within a second or never; the patience is for a busy machine."""
    return Settings(
        logs=LogSettings(folder=folder / "logs", level="debug"),
        state=StateSettings(folder=folder / "state"),
        site=SiteSettings.model_validate(
            {"base_url": url, "action_timeout_s": 45, "sign_in_timeout_s": 45}
        ),
        jobs=JobSettings.model_validate({"max_attempts": 1, "stale_list_timeout_s": 5.0}),
    )
