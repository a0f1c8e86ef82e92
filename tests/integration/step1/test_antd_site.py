"""Step 1 on the second imitation: real Ant Design and CKEditor, in contrasting variants."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from percenty_batch import Account, BatchManager, JobResult, JobStatus
from tests.antd_site import AntdSite, Faults, Options, Product, SiteAccount, libs_for_tests
from tests.antd_site import Change as SiteChange
from tests.integration.step1.running import settings_for

EMAIL = "seller@example.com"
QUICK = Options(latency_s=(0.0, 0.05), popups=1, popup_delay_s=0.1, image_delete_s=0.05)
NO_FAULTS = Faults()
TRASH = {"upper": "삭제X", "lower": "삭제x"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One plausible site. `suffixes` are what stands behind each product's name afterwards."""

    options: Options
    kinds: tuple[str, ...]
    suffixes: tuple[str, ...]
    faults: Faults = NO_FAULTS
    attempts: int = 1


VARIANTS = {
    "as it probably is": Variant(
        options=QUICK,
        kinds=("many_images", "no_images", "warned"),
        suffixes=("A", "B"),
    ),
    "saves on close, refuses on blur": Variant(
        options=replace(
            QUICK,
            duplicate_name="blur",
            autosave="close",
            list_refresh="switch",
            switch_label="inside",
            editor="imitation",
            detail="inline_images",
            tab_panes="header",
            closed_dialogs="destroyed",
            disclosure_labels="form",
            model_name="mixed",
            widget="always",
            sign_in_store="local",
        ),
        kinds=("duplicate",),
        suffixes=("A2",),
        faults=Faults(
            expires_at_calls=frozenset({9}), silent_moves=frozenset({1}), stale_list_s=1.0
        ),
        attempts=2,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    variant: Variant
    job: JobResult
    record: list[SiteChange]
    before: list[Product]
    after: dict[str, Product]
    sign_ins: int

    @property
    def kept(self) -> list[Product]:
        """The products of the step, as they were, that are not deleted."""
        return [each for each in self.before if each.group is None and each.id in self.after]


@pytest.fixture(scope="module", params=VARIANTS)
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    variant = VARIANTS[request.param]
    return work(variant, tmp_path_factory.mktemp("antd"))


def work(variant: Variant, folder: Path) -> Seen:
    seller = SiteAccount(
        email=EMAIL,
        password="Canary-antd-7",
        product_count=len(variant.kinds),
        kinds=variant.kinds,
        faults=variant.faults,
    )
    site = AntdSite(libs=libs_for_tests(), accounts=[seller], options=variant.options)
    with site:
        before = site.products(EMAIL)
        manager = BatchManager(
            settings=settings_for(site.url, folder),
            accounts=[Account(id=EMAIL, password=seller.password)],
        )
        result = manager.run_single_step(step=1, quantity=5)
    return Seen(
        variant=variant,
        job=result.jobs[0],
        record=site.record,
        before=before,
        after={product.id: product for product in site.products(EMAIL)},
        sign_ins=site.sign_in_count(EMAIL),
    )


def changed(seen: Seen, what: str) -> list[SiteChange]:
    return [change for change in seen.record if change.what == what]


def keys(changes: Iterable[SiteChange]) -> list[str]:
    return [change.product for change in changes]


def test_all_is_done_but_the_product_without_images(seen: Seen) -> None:
    deleted = seen.variant.kinds.count("no_images")

    assert (seen.job.totals.done, seen.job.totals.failed) == (len(seen.kept), deleted)
    assert len(seen.kept) == len(seen.variant.kinds) - deleted
    assert seen.job.status is (JobStatus.PARTIAL if deleted else JobStatus.SUCCEEDED)


def test_what_is_reported_as_done_is_what_the_site_recorded(seen: Seen) -> None:
    done = {item.key: item.moved_to for item in seen.job.items if item.outcome == "done"}

    assert done == {change.product: change.after for change in changed(seen, "group")}
    assert len(done) == len(changed(seen, "group"))


def test_each_product_goes_to_the_group_that_fits_it(seen: Seen) -> None:
    trash = TRASH[seen.variant.options.group_names]
    kinds = [kind for kind in seen.variant.kinds if kind != "no_images"]

    groups = [seen.after[product.id].group for product in seen.kept]

    assert groups == [trash if kind == "too_big" else "신규수집" for kind in kinds]


def test_only_products_without_images_are_deleted(seen: Seen) -> None:
    empty = [product.id for product in seen.before if not product.images]

    assert keys(changed(seen, "deleted")) == empty


def test_each_product_is_edited_once(seen: Seen) -> None:
    for before in seen.kept:
        after = seen.after[before.id]
        assert after.memo == f"{before.memo}-S"
        assert after.memo_exposed
        assert after.detail_html.count(before.memo) == 1
        assert keys(changed(seen, "memo")).count(before.id) == 1


def test_names_get_their_letters_in_order_and_a_digit_where_refused(seen: Seen) -> None:
    names = [seen.after[product.id].name for product in seen.kept]

    for before, name, suffix in zip(seen.kept, names, seen.variant.suffixes, strict=True):
        assert name.endswith(f"Z1{suffix}")
        assert name == f"{before.name}{suffix}" or before.name.startswith("심플")
        assert "심플" not in name


def test_what_was_there_already_stays_in_the_detail_page(seen: Seen) -> None:
    for before in seen.kept:
        for text in ("상세 설명", "이미 있던 HTML", "picture.svg?1", "picture.svg?2"):
            assert (text in seen.after[before.id].detail_html) == (text in before.detail_html)


def test_images_are_cut_from_the_end(seen: Seen) -> None:
    for before in seen.kept:
        assert seen.after[before.id].images == before.images[:30]


def test_the_model_name_is_the_original_memo_where_there_is_one(seen: Seen) -> None:
    for before in seen.kept:
        model = before.memo if "모델명" in before.disclosure else None
        assert seen.after[before.id].disclosure.get("모델명") == model


def test_it_signs_in_again_only_where_its_sign_in_was_ended(seen: Seen) -> None:
    assert seen.sign_ins == seen.job.attempts == seen.variant.attempts
