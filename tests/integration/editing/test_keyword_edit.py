"""Step 3_1_1 on a sandbox: the row's edits, the moves, the caps; report = record."""

from dataclasses import replace

import pytest

from percenty_batch import JobStatus, StopReason
from percenty_batch.accounts import (
    AccountInputs,
    AllImages,
    Copies,
    Edits,
    ImagesAt,
    Removal,
    Task,
    TaskStep,
)
from percenty_batch.sandbox import DrawerFaults, Faults, Product, SandboxAccount, Shape, Stock
from tests.integration.editing.working import RULES, account, groups, run_step, told
from tests.integration.step1.running import Run

HTML = '<p><img src="https://example.com/notice.png"></p>'
EVERYTHING = Edits(
    image_delete=Removal(first=1, last=1),
    thumbnail_delete=Removal(first=1),
    option_image_copy=Copies(count=3),
    image_translate=AllImages(),
    html_update=HTML,
    thumbnail_translate=ImagesAt(positions=(1, 4)),
    optionimage_translate=ImagesAt(positions=(2,)),
)
SHAPE = Shape(images=4, options=2, thumbnails=3)
SOURCE = Stock(group="신규수집", code="A49", markets=("ss",), shape=SHAPE)


def task(code: str, edits: Edits, target: str = "대기1") -> Task:
    return Task(
        row=2,
        code=code,
        step=TaskStep.EDIT,
        final_group="서버1-1",
        target_group=target,
        edits=edits,
    )


def faulty(name: str, faults: Faults) -> SandboxAccount:
    return account(name, SOURCE, faults=faults)


TRANSLATE = Edits(image_translate=AllImages())
ACCOUNTS = {
    "good": account("good", replace(SOURCE, code="B50", count=3)),
    "cut": faulty("cut", Faults(session_expires_after=16)),
    "endless": faulty("endless", Faults(drawer=DrawerFaults(endless_translations=(2,)))),
    "moves": faulty("moves", Faults(silent_moves=(1,), stale_list_s=1.0)),
}
TASKS = {
    "good": (task("B50", Edits(thumbnail_delete=Removal(last=1)), "서버2"),),
    "cut": (task("A49", EVERYTHING),),
    "endless": (task("A49", TRANSLATE),),
    "moves": (task("A49", Edits(html_update=HTML)),),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    inputs = {
        ACCOUNTS[name].id: AccountInputs(place=name, tasks=tasks) for name, tasks in TASKS.items()
    }
    rules = RULES.model_copy(update={"products_per_keyword": 2})
    accounts = list(ACCOUNTS.values())
    return run_step("3_1_1", accounts, inputs, tmp_path_factory.mktemp("three"), rules=rules)


def only(run: Run, name: str) -> tuple[Product, Product]:
    """The first product as it was and as it is."""
    of = ACCOUNTS[name].id
    before = run.before[of][0]
    return before, run.product(of, before.key)


def test_every_edit_of_a_row_is_made_once_and_in_its_order_though_they_are_cut_off(
    run: Run,
) -> None:
    job = run.job(ACCOUNTS["cut"].id)
    before, after = only(run, "cut")

    assert (job.status, job.attempts) == (JobStatus.SUCCEEDED, 2)
    _, two, three, _ = before.images
    assert after.images[-2:] == (f"{two}-ko", f"{three}-ko")
    assert after.detail_html.startswith(HTML)
    assert after.detail_html.count(HTML) == 1
    first, second = before.option_images
    copied = (*before.thumbnails[1:], first, second, first)
    assert after.thumbnails == (f"{copied[0]}-ko", *copied[1:3], f"{copied[3]}-ko", copied[4])
    assert after.option_images == (first, f"{second}-ko")
    assert after.group == "대기1"


def test_a_keyword_is_worked_up_to_its_cap_and_stays_open(run: Run) -> None:
    of = ACCOUNTS["good"].id
    now = groups(run, of)
    assert {group: len(products) for group, products in now.items()} == {
        "서버2": 2,
        "신규수집": 1,
    }
    assert all(len(product.thumbnails) == 2 for product in now["서버2"])
    job = run.job(of)
    assert (job.status, job.totals.done, job.totals.requested) == (JobStatus.SUCCEEDED, 2, 200)
    assert job.stop_reason is StopReason.BUDGET_REACHED
    assert any("B50@서버1-1 일부 처리 - 남은 상품 1개" in line for line in run.lines(of))


@pytest.mark.parametrize("name", TASKS)
def test_what_is_told_is_what_the_record_holds(run: Run, name: str) -> None:
    of = ACCOUNTS[name].id
    moved = {c.product: c.after for c in run.record if c.account == of and c.what == "group"}
    assert told(run.job(of)) == moved


def test_an_edit_that_fails_leaves_its_product_with_the_reason(run: Run) -> None:
    before, after = only(run, "endless")
    (item,) = run.job(ACCOUNTS["endless"].id).items

    assert item.outcome == "failed"
    assert "이미지 번역이 4초 안에 끝나지 않았습니다" in (item.reason or "")
    assert after == before


def test_each_image_is_spent_once(run: Run) -> None:
    of = ACCOUNTS["cut"].id
    translated = [c for c in run.record if (c.account, c.what) == (of, "translated")]
    assert len(translated) == 5
