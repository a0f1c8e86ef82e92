"""Step 5_1 on a sandbox: four listings of each product, or all of it parked; report = record."""

from collections import Counter

import pytest

from percenty_batch import JobStatus, StopReason
from percenty_batch.accounts import AccountInputs, ShopSuffixes
from percenty_batch.sandbox import DrawerFaults, Faults, Product, SandboxAccount, Shape, Stock
from tests.integration.editing.working import account, groups, run_step, told
from tests.integration.step1.running import Run

SUFFIXES = ShopSuffixes(a="가1", b="나1", c="다1", d="라1")
SHOPS = {"쇼핑몰A1": "가1", "쇼핑몰B1": "나1", "쇼핑몰C1": "다1", "쇼핑몰D1": "라1"}
SOURCE = Stock(group="대기1", shape=Shape(images=1, options=2, thumbnails=5))
SINGLE = Stock(group="대기1", shape=Shape(images=1, options=0, thumbnails=2))


def faulty(name: str, faults: Faults) -> SandboxAccount:
    return account(name, SOURCE, faults=faults)


ACCOUNTS = (
    faulty("copy", Faults(drawer=DrawerFaults(copy_errors=(3,)))),
    faulty("twice", Faults(drawer=DrawerFaults(double_copies=(2,)))),
    account(
        "cut",
        SINGLE,
        SOURCE,
        Stock(group="등록A", count=2),
        faults=Faults(
            session_expires_after=60,
            stale_list_s=2.0,
            silent_moves=(2,),
            has_lasting_selection=True,
        ),
    ),
)
EXPECTED = {
    "copy": (JobStatus.FAILED, 0),
    "twice": (JobStatus.FAILED, 0),
    "cut": (JobStatus.SUCCEEDED, 2),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    inputs = {
        each.id: AccountInputs(place=each.id, suffixes=(SUFFIXES, None, None)) for each in ACCOUNTS
    }
    return run_step("5_1", ACCOUNTS, inputs, tmp_path_factory.mktemp("five"), quantity=2)


def folder_lines(run: Run, name: str) -> str:
    return "\n".join(run.lines(f"{name}@example.com"))


@pytest.mark.parametrize("name", EXPECTED)
def test_each_account_ends_as_its_fault_makes_it_end(run: Run, name: str) -> None:
    job = run.job(f"{name}@example.com")
    assert (job.status, job.totals.done) == EXPECTED[name], folder_lines(run, name)
    if job.status is JobStatus.SUCCEEDED:
        assert job.stop_reason is StopReason.QUANTITY_REACHED


@pytest.mark.parametrize("name", EXPECTED)
def test_four_stand_in_the_shops_or_all_are_parked(run: Run, name: str) -> None:
    of = f"{name}@example.com"
    now, done = groups(run, of), told(run.job(of))
    for shop, suffix in SHOPS.items():
        listings = now.pop(shop, [])
        assert len(listings) == len(done)
        assert all(product.name.endswith(f"Z1 {suffix}") for product in listings)
    assert set(now) <= {"복제X"}
    assert set(done.values()) <= {", ".join(SHOPS)}
    copied = [c for c in run.record if c.account == of and c.what == "copied"]
    assert sum(map(len, now.values())) == len(run.before[of]) + len(copied) - 4 * len(done)


def test_the_source_was_counted_after_the_last_product_too(run: Run) -> None:
    job = run.job("cut@example.com")
    assert (job.source_before, job.source_after) == (2, 0)


def test_discounts_rotate_by_product_and_shop_and_thumbnails_lead(run: Run) -> None:
    now = groups(run, "cut@example.com")
    discounts = {shop: sorted(p.prices[5] for p in now[shop]) for shop in SHOPS}
    assert discounts == {
        "쇼핑몰A1": [2, 5],
        "쇼핑몰B1": [15, 20],
        "쇼핑몰C1": [25, 30],
        "쇼핑몰D1": [35, 40],
    }
    many = {shop: [p for p in now[shop] if len(p.thumbnails) == 5] for shop in SHOPS}
    leads = {shop: {leading(p) for p in products} for shop, products in many.items()}
    assert leads == {"쇼핑몰A1": {1}, "쇼핑몰B1": {2}, "쇼핑몰C1": {3}, "쇼핑몰D1": {4}}


def test_options_are_refined_and_numbered_before_the_copies_are_made(run: Run) -> None:
    now = groups(run, "cut@example.com")
    options = {p.options for shop in SHOPS for p in now[shop]}
    assert options == {(), ("1. 고급 블랙", "2. 고급 화이트")}
    assert all(p.is_memo_shown for shop in SHOPS for p in now[shop])


def test_what_was_left_in_the_work_group_is_parked_first(run: Run) -> None:
    assert len(groups(run, "cut@example.com")["복제X"]) == 2


def test_each_listing_is_made_once_though_the_work_was_cut_off(run: Run) -> None:
    of = "cut@example.com"
    counts = Counter(change.what for change in run.record if change.account == of)

    assert run.job(of).attempts == 2
    assert {shop: len(groups(run, of)[shop]) for shop in SHOPS} == dict.fromkeys(SHOPS, 2)
    assert (counts["copied"], counts["name"]) == (6, 8)


def leading(product: Product) -> int:
    return int(product.thumbnails[0].rpartition("-t")[2])
