"""Steps 2_1 and 4: products moved by keyword, and in lots after their translation."""

from pathlib import Path

from percenty_batch.accounts import NO_EDITS, AccountInputs, Task, TaskStep
from tests.antd_site.options import Lot, Options, SiteAccount
from tests.antd_site.trials.checks import differs
from tests.antd_site.trials.trial import EMAIL, PASSWORD, Seen, Trial, run_step
from tests.antd_site.world import Product

_LISTS = (
    *("list_refresh", "header_select", "group_names", "menu", "closed_dialogs", "toasts"),
    *("button_icons", "page_size", "count_text", "filter_memory", "selection_after", "old_rows"),
)
_KEYWORDS = {"H16": "서버1", "G03": "복제X", "ZZZ": "서버3"}


def _task(row: int, code: str, group: str) -> Task:
    return Task(
        row=row,
        code=code,
        step=TaskStep.MOVE,
        final_group="서버1",
        target_group=group,
        edits=NO_EDITS,
    )


def _run_keywords(_number: int, options: Options, folder: Path) -> list[str]:
    lots = (
        Lot(group="신규수집", count=22, provider="H16"),
        Lot(group="신규수집", count=2, provider="G03"),
        Lot(group="신규수집", count=31, provider="H16"),
        Lot(group="신규수집", count=3, provider="K07"),
        Lot(group="서버2", count=2, provider="H16"),
    )
    seller = SiteAccount(email=EMAIL, password=PASSWORD, product_count=2, lots=lots)
    tasks = tuple(_task(n, *each) for n, each in enumerate(_KEYWORDS.items(), start=2))
    inputs = AccountInputs(place="계정", tasks=tasks)
    return _keyword_disagreements(run_step("2_1", seller, options, folder, inputs=inputs))


def _keyword_disagreements(seen: Seen) -> list[str]:
    found = []
    told = {item.key.partition("@")[0]: item for item in seen.job.items}
    wanted: dict[str, str] = {}
    for code, group in _KEYWORDS.items():
        there = [p for p in seen.before.values() if p.group == "신규수집" and code in p.name]
        wanted |= {each.id: _shown(group, seen.options) for each in there}
        item = told.get(code)
        found += differs(f"{code} outcome", item and item.outcome, "done")
        found += differs(f"{code} amount", item and item.amount, len(there))
    found += differs("moved", seen.moved(), wanted)
    found += differs("moves", len(seen.changes("group")), len(wanted))
    return found + differs("changes", {change.what for change in seen.record}, {"group"})


def _run_translation(number: int, options: Options, folder: Path) -> list[str]:
    lots = (
        Lot(group="서버1", count=53, is_translated=False),
        Lot(group="대기1", count=2),
        Lot(group="서버3", count=3, is_translated=False),
    )
    quota = 100 if number % 2 else 52
    seller = SiteAccount(email=EMAIL, password=PASSWORD, product_count=1, lots=lots, quota=quota)
    seen = run_step("4", seller, options, folder)
    return _translation_disagreements(seen, quota)


def _translation_disagreements(seen: Seen, quota: int) -> list[str]:
    sources = {"서버1": "대기1", "서버3": "대기3"}
    waiting = [p for p in seen.before.values() if p.group in sources]
    # With 52 left, 50 are translated and then neither group's rest fits any more.
    worked = waiting if quota == 100 else [p for p in waiting if p.group == "서버1"][:50]
    items = [item for item in seen.job.items if item.outcome == "done"]
    return [
        *differs("moved", seen.moved(), {p.id: sources[p.group or ""] for p in worked}),
        *differs("translated", len(seen.changes("translated")), len(worked)),
        *differs("translations lost", seen.changes("translation_lost"), []),
        *differs("amounts", sum(item.amount or 0 for item in items), len(worked)),
        *differs("not done", [i.reason for i in seen.job.items if i not in items], []),
        *(line for product in worked for line in _order(seen, product)),
    ]


def _order(seen: Seen, product: Product) -> list[str]:
    whats = [change.what for change in seen.record if change.product == product.id]
    return differs(product.name, whats, ["translated", "group"])


def _shown(group: str, options: Options) -> str:
    return group.replace("X", "x") if options.group_names == "lower" else group


STEP2 = Trial(name="2_1", settings=(*_LISTS, "keyword_search", "group_filter"), run=_run_keywords)
STEP4 = Trial(
    name="4",
    settings=(*_LISTS, "translation_notice", "quota_text", "translation_end"),
    run=_run_translation,
)
