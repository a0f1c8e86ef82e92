"""Steps 3_1_1 and 5_1 whose sign-in ends at some moment of their work: it goes on exactly there.

Each account's session ends after another number of calls; what the site's record then holds must
be what an undisturbed run does, each edit once.
"""

from collections import Counter

import pytest

from percenty_batch import JobStatus
from percenty_batch.accounts import AccountInputs
from percenty_batch.sandbox import Change, Faults, SandboxAccount, Shape, Stock
from tests.integration.editing.test_four_listings import SHOPS, SUFFIXES
from tests.integration.editing.test_keyword_edit import EVERYTHING, HTML, SHAPE, task
from tests.integration.editing.working import account, groups, run_step
from tests.integration.step1.running import Run

MOMENTS_OF_3 = (16,)
MOMENTS_OF_5 = (60,)


def cut_off(moment: int, stock: Stock) -> SandboxAccount:
    return account(f"cut{moment}", stock, faults=Faults(session_expires_after=moment))


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Run:
    stock = Stock(group="신규수집", code="A49", markets=("ss",), shape=SHAPE)
    accounts = [cut_off(moment, stock) for moment in MOMENTS_OF_3]
    inputs = {
        each.id: AccountInputs(place=each.id, tasks=(task("A49", EVERYTHING),)) for each in accounts
    }
    return run_step("3_1_1", accounts, inputs, tmp_path_factory.mktemp("three"))


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    stock = Stock(group="대기1", shape=Shape(images=1, options=2, thumbnails=5))
    accounts = [cut_off(moment, stock) for moment in MOMENTS_OF_5]
    inputs = {
        each.id: AccountInputs(place=each.id, suffixes=(SUFFIXES, None, None)) for each in accounts
    }
    return run_step("5_1", accounts, inputs, tmp_path_factory.mktemp("five"))


def changes(run: Run, of: str) -> list[Change]:
    return [change for change in run.record if change.account == of and change.product]


def was_cut(run: Run, of: str) -> bool:
    return run.job(of).attempts == 2


@pytest.mark.parametrize("moment", MOMENTS_OF_3)
def test_the_edits_of_a_row_are_made_once_whenever_they_are_cut_off(
    edited: Run, moment: int
) -> None:
    of = f"cut{moment}@example.com"
    (before,), (after,) = edited.before[of], edited.after[of]

    assert edited.job(of).status is JobStatus.SUCCEEDED, "\n".join(edited.lines(of))
    _, two, three, _ = before.images
    first, second = before.option_images
    copied = (*before.thumbnails[1:], first, second, first)
    assert after.images[-2:] == (f"{two}-ko", f"{three}-ko")
    assert after.detail_html.count(HTML) == 1
    assert after.thumbnails == (f"{copied[0]}-ko", *copied[1:3], f"{copied[3]}-ko", copied[4])
    assert after.option_images == (first, f"{second}-ko")
    assert after.group == "대기1"
    counts = Counter(change.what for change in changes(edited, of))
    assert counts["image_count"] == 2


@pytest.mark.parametrize("moment", MOMENTS_OF_5)
def test_four_listings_come_of_a_product_whenever_they_are_cut_off(
    listed: Run, moment: int
) -> None:
    of = f"cut{moment}@example.com"

    assert listed.job(of).status is JobStatus.SUCCEEDED, "\n".join(listed.lines(of))
    now = groups(listed, of)
    assert {group: len(products) for group, products in now.items()} == dict.fromkeys(SHOPS, 1)
    assert [now[shop][0].prices[5] for shop in SHOPS] == [2, 15, 25, 35]
    assert all(now[shop][0].name.endswith(f"Z1 {suffix}") for shop, suffix in SHOPS.items())
    leads = [now[shop][0].thumbnails[0].rpartition("-t")[2] for shop in SHOPS]
    assert leads == ["1", "2", "3", "4"]
    assert now["쇼핑몰D1"][0].options == ("1. 고급 블랙", "2. 고급 화이트")
    counts = Counter(change.what for change in changes(listed, of))
    assert (counts["copied"], counts["name"], counts["thumbnails"]) == (3, 4, 3)


def test_most_of_them_were_really_cut_off(edited: Run, listed: Run) -> None:
    for run, moments in ((edited, MOMENTS_OF_3), (listed, MOMENTS_OF_5)):
        cut = [moment for moment in moments if was_cut(run, f"cut{moment}@example.com")]
        assert len(cut) >= len(moments) - 1
