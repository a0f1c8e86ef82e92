"""Step 1: every ungrouped product edited once and moved; those without images deleted."""

from pathlib import Path

from tests.antd_site.options import Options, SiteAccount
from tests.antd_site.trials.trial import EMAIL, PASSWORD, Seen, Trial, run_step
from tests.antd_site.world import Product

_KINDS = (("many_images", "duplicate"), ("no_images", "warned"), ("too_big", "single"))
_KEPT = ("상세 설명", "이미 있던 HTML", "picture.svg?1", "picture.svg?2")


def _seller(number: int) -> SiteAccount:
    kinds = _KINDS[number % len(_KINDS)]
    return SiteAccount(email=EMAIL, password=PASSWORD, product_count=len(kinds), kinds=kinds)


def _run(number: int, options: Options, folder: Path) -> list[str]:
    return _disagreements(run_step("1", _seller(number), options, folder, quantity=20))


def _disagreements(seen: Seen) -> list[str]:
    told = {item.key: item for item in seen.job.items}
    found = []
    for before in seen.before.values():
        if before.group is not None:
            found += _if(before.id in {c.product for c in seen.record}, before, "touched")
        elif not before.images:
            found += _if(before.id in seen.after, before, "not deleted")
            found += _if(told[before.id].outcome != "failed", before, "deleted, yet not failed")
        elif before.id not in told or told[before.id].outcome != "done":
            reason = told[before.id].reason if before.id in told else "not attempted"
            found += [f"{before.name}: not done: {reason}"]
        else:
            found += _edited(seen, before, told[before.id].moved_to)
    return found


def _edited(seen: Seen, before: Product, moved_to: str | None) -> list[str]:
    after, trash = (
        seen.after[before.id],
        "삭제x" if seen.options.group_names == "lower" else "삭제X",
    )
    group = trash if len(before.options) + min(len(before.images), 30) > 50 else "신규수집"
    kept = {text for text in _KEPT if text in before.detail_html}
    model = before.memo if "모델명" in before.disclosure else None
    return [
        *_if(after.group != group or moved_to != group, before, f"in {after.group}"),
        *_if(len(seen.changes("group", before.id)) != 1, before, "moved more than once"),
        *_if(after.memo != f"{before.memo}-S" or not after.memo_exposed, before, after.memo),
        *_if(len(seen.changes("memo", before.id)) != 1, before, "memo written more than once"),
        *_if(after.detail_html.count(before.memo) != 1, before, "memo in the detail page"),
        *_if(any(text not in after.detail_html for text in kept), before, "detail page lost"),
        *_if(after.images != before.images[:30], before, "images"),
        *_if(after.disclosure.get("모델명") != model, before, "model name"),
        *_if(not _is_named(before.name, after.name), before, f"named {after.name}"),
        *_if(after.options != before.options, before, "options"),
    ]


def _is_named(before: str, after: str) -> bool:
    """Whether one letter and perhaps a digit were added, and flagged words taken away."""
    ending = after.rstrip("12345")
    is_lettered = ending[-1:] in tuple("ABCDEF") and ending[-3:-1] == "Z1"
    return is_lettered and (
        after.startswith(before) or (before[:2] == "심플" and "심플" not in after)
    )


def _if(condition: bool, product: Product, text: str) -> list[str]:
    return [f"{product.name}: {text}"] if condition else []


STEP1 = Trial(
    name="1",
    settings=(
        *("duplicate_name", "autosave", "list_refresh", "row_select", "group_names", "menu"),
        *("page_size", "count_text", "memo_strip", "switch_label", "disclosure_labels"),
        *(
            "form_values",
            "model_name",
            "tab_panes",
            "closed_dialogs",
            "delete_dialog",
            "editor",
            "detail",
        ),
        *("widget", "sign_in_store"),
    ),
    run=_run,
)
