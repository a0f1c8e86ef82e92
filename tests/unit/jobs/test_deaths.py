"""Step 1 by a process that dies, over all moments at which it can."""

from collections import Counter
from dataclasses import replace

import pytest

from percenty_batch.accounts import no_inputs
from percenty_batch.browser import Session
from percenty_batch.jobs import Assignment, Chain, Link, Listener, Stop
from percenty_batch.jobs import attempt as attempt_module
from percenty_batch.ledger import MemoryLedger, job_result
from percenty_batch.models import Account, JobResult, OnFailure, StopReason
from percenty_batch.percenty import PercentySite
from percenty_batch.settings import JobSettings
from percenty_batch.steps import STEPS
from tests.unit.jobs.deaths import Death, Life, mortal
from tests.unit.jobs.fakes import FakeLauncher, Recorded, tools
from tests.unit.jobs.ledgers import JOB_ID, OURS, RUN_ID, begin_batch, read_job
from tests.unit.steps.drawer import MEMO, Desk, DrawerSite, Product, numbered, use_parts
from tests.unit.steps.fakes import ACCOUNT, keys, listed


class SignedInSite(DrawerSite):
    async def sign_in(self, account: Account) -> bool:
        return account.id != ACCOUNT


class Shop:
    """The account's products, and the ledger that outlives whoever works on them.

    One product is plain; one has no images; one has too many, and a name that exists already;
    one has flagged words, too many options and an editor that does not tell its data.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plain, self.bare = numbered(0), numbered(1, images=0)
        taken = frozenset({"상품 2 H16B", "상품 2 H16B1"})
        self.crowded = numbered(2, images=32, taken_names=taken)
        row = replace(listed(3), name="경고 원피스 H16")
        self.flagged = Product(
            listed=row, name=row.name, options=90, flagged_words=1, is_editor_silent=True
        )
        self.desk = Desk(self.plain, self.bare, self.crowded, self.flagged)
        self.ledger = MemoryLedger()
        self.starts = 0

        def open_site(_session: Session, *_args: object, **_values: object) -> PercentySite:
            return SignedInSite(self.desk)

        monkeypatch.setattr(attempt_module, "PercentySite", open_site)

    async def work(self, life: Life) -> JobResult:
        """Start a process that works on the job."""
        await begin_batch(self.ledger, ACCOUNT, quantity=4)
        self.starts += 1
        self.desk.live(life)
        told: list[JobResult] = []
        work = Assignment(
            account=Account(id=ACCOUNT, password="secret"),
            inputs=no_inputs(ACCOUNT),
            step=STEPS["1"],
            run_id=RUN_ID,
            job_id=JOB_ID,
            requested=4,
            log=Recorded().log,
        )
        listener = Listener(
            on_attempt=lambda _number: None,
            on_item=lambda _index, _item: None,
            on_end=told.append,
        )
        link = Link(work=work, on_failure=OnFailure.CONTINUE, listener=listener)
        its_tools = tools(
            FakeLauncher(),
            ledger=mortal(self.ledger, life),
            owner=replace(OURS, pid=100 + self.starts),
            limits=JobSettings(max_attempts=1),
        )
        await Chain(its_tools, [link], Stop()).run()
        return told.pop()

    async def check(self, result: JobResult) -> None:
        """Everything was done once, as if nobody had ever died, and the ledger knows of it."""
        one, bare, two, three = keys(range(4))
        outcomes = {item.key: (item.outcome.value, item.moved_to) for item in result.items}
        assert outcomes == {
            one: ("done", "신규수집"),
            bare: ("failed", "삭제"),
            two: ("done", "신규수집"),
            three: ("done", "삭제X"),
        }
        assert (result.stop_reason, result.failure) == (StopReason.QUANTITY_REACHED, None)
        names = [each.name for each in (self.plain, self.crowded, self.flagged)]
        assert names == ["상품 0 H16A", "상품 2 H16B2", "원피스 H16C"]
        for each in (self.plain, self.crowded, self.flagged):
            assert (each.memo, each.model) == (f"{MEMO}-S", MEMO)
        for each in self.desk.products.values():
            assert each.detail.count(MEMO) == 1
        assert {group: len(rows) for group, rows in self.desk.list.groups.items()} == {
            "신규수집": 2,
            "삭제X": 1,
            "삭제": 1,
        }
        edits = Counter(self.desk.edits)
        assert (edits["memo"], edits["detail"], edits["delete"], edits["image"]) == (4, 4, 1, 2)
        record = await read_job(self.ledger, ACCOUNT)
        assert set(job_result(record, "1").items) == set(result.items)
        assert (await self.ledger.turn(ACCOUNT, "letter")).position == 3


@pytest.fixture(autouse=True)
def parts_of_the_drawer(monkeypatch: pytest.MonkeyPatch) -> None:
    use_parts(monkeypatch)


async def test_whenever_a_process_dies_the_next_one_completes_its_work_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = Life()
    undisturbed = Shop(monkeypatch)
    await undisturbed.check(await undisturbed.work(whole))
    assert whole.moments > 100

    for moment in range(1, whole.moments + 1):
        shop = Shop(monkeypatch)
        with pytest.raises(Death):
            await shop.work(Life(dies_at=moment))
        await shop.check(await shop.work(Life()))


@pytest.mark.parametrize("moments", [25, 26, 27, 30, 40, 60])
async def test_processes_that_live_only_for_moments_finish_the_work_together(
    monkeypatch: pytest.MonkeyPatch, moments: int
) -> None:
    shop = Shop(monkeypatch)
    result = None
    while result is None:
        assert shop.starts < 99
        try:
            result = await shop.work(Life(dies_at=moments))
        except Death:
            continue

    assert shop.starts > 1
    await shop.check(result)
