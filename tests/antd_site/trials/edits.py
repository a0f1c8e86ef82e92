"""Steps 3_1_1 and 5_1: products edited one by one, and made into four listings each."""

from pathlib import Path

from percenty_batch.accounts import (
    AccountInputs,
    Copies,
    Edits,
    ImagesAt,
    Removal,
    ShopSuffixes,
    Task,
    TaskStep,
)
from tests.antd_site.options import Lot, Options, SiteAccount
from tests.antd_site.trials.checks import differs, numbered
from tests.antd_site.trials.trial import EMAIL, PASSWORD, Seen, Trial, run_step
from tests.antd_site.world import Product

_DRAWER = ("autosave", "closed_dialogs", "toasts", "tab_panes", "list_refresh", "row_select")
_HTML = '<p>공지 <img src="https://example.com/a.png"></p>'
_SUFFIXES = ShopSuffixes(a="가1", b="나1", c="다1", d="라1")
_DISCOUNTS = (2, 5, 10, 15, 20, 25, 30, 35, 40, 45)


def _run_edits(number: int, options: Options, folder: Path) -> list[str]:
    lots = (
        Lot(group="신규수집", count=1 if number % 3 else 2, provider="H16"),
        Lot(group="신규수집", count=1, provider="K07"),
    )
    seller = SiteAccount(email=EMAIL, password=PASSWORD, product_count=1, lots=lots)
    edits = Edits(
        image_delete=Removal(first=1, last=1),
        thumbnail_delete=Removal(last=1),
        option_image_copy=Copies(count=2),
        image_translate=ImagesAt(positions=(1, 3)),
        html_update=_HTML,
        thumbnail_translate=ImagesAt(positions=(1,)),
        optionimage_translate=ImagesAt(positions=(1,)),
    )
    task = Task(
        row=2,
        code="H16",
        step=TaskStep.EDIT,
        final_group="서버1-1",
        target_group="검수1",
        edits=edits,
    )
    inputs = AccountInputs(place="계정", tasks=(task,))
    return _edit_disagreements(run_step("3_1_1", seller, options, folder, inputs=inputs))


def _edit_disagreements(seen: Seen) -> list[str]:
    wanted = [p for p in seen.before.values() if p.group == "신규수집" and "H16" in p.name]
    return [
        *differs("moved", seen.moved(), {p.id: "검수1" for p in wanted}),
        *differs("touched", {c.product for c in seen.record}, {p.id for p in wanted}),
        *differs(
            "done",
            {i.key: (i.outcome, i.reason) for i in seen.job.items},
            {p.id: ("done", None) for p in wanted},
        ),
        *(line for product in wanted for line in _edited(seen, product)),
    ]


def _edited(seen: Seen, before: Product) -> list[str]:
    after = seen.after[before.id]
    images = before.images[1:-1]
    for position in (0, 2):
        images[position] += "~ko"
    copies, thumbnails = before.option_images[:2], before.thumbnails[:-1]
    if seen.options.copied_thumbnail == "first":
        thumbnails = [*reversed(copies), *thumbnails]
    else:
        thumbnails = [*thumbnails, *copies]
    thumbnails[0] += "~ko"
    option, *options = before.option_images
    return [
        *differs(f"{before.name} images", after.images, images),
        *differs(f"{before.name} thumbnails", after.thumbnails, thumbnails),
        *differs(f"{before.name} option images", after.option_images, [f"{option}~ko", *options]),
        *differs(f"{before.name} HTML", after.detail_html.count("example.com/a.png"), 1),
        *differs(f"{before.name} name", after.name, before.name),
        *differs(f"{before.name} quota", len(seen.changes("image_translated", before.id)), 4),
    ]


def _run_listings(number: int, options: Options, folder: Path) -> list[str]:
    left = (Lot(group="등록A", count=1),) if number % 2 else ()
    count = 1 if number % 3 else 2
    lots = (*left, Lot(group="대기1", count=count), Lot(group="대기2", count=1))
    seller = SiteAccount(email=EMAIL, password=PASSWORD, product_count=1, lots=lots)
    inputs = AccountInputs(place="계정", suffixes=(_SUFFIXES, None, None))
    return _listing_disagreements(run_step("5_1", seller, options, folder, 5, inputs=inputs))


def _listing_disagreements(seen: Seen) -> list[str]:
    done = [item.key for item in seen.job.items if item.outcome == "done"]
    sources = [p for p in seen.before.values() if p.group == "대기1"]
    trash = "복제x" if seen.options.group_names == "lower" else "복제X"
    parked = [p.id for p in seen.before.values() if p.group == "등록A"]
    touched = {c.product for c in seen.record} & set(seen.before)
    return [
        *differs("done", sorted(done), sorted(p.id for p in sources)),
        *differs("not done", [i.reason for i in seen.job.items if i.key not in done], []),
        *differs("listings", len(seen.after), len(seen.before) + 3 * len(sources)),
        *differs("parked", [seen.after[key].group for key in parked], [trash] * len(parked)),
        *differs("touched", touched, {*parked, *(p.id for p in sources)}),
        *(line for n, key in enumerate(done) for line in _listed(seen, seen.before[key], n)),
    ]


def _listed(seen: Seen, source: Product, ordinal: int) -> list[str]:
    copies = {c.after: c.product for c in seen.changes("copied") if c.before == source.id}
    keys = [source.id, *(copies.get(f"{source.name}({n})", "") for n in (1, 2, 3))]
    found = differs(
        f"{source.name} copies",
        sorted(map(str, copies)),
        sorted(f"{source.name}({n})" for n in (1, 2, 3)),
    )
    four = zip(keys, "ABCD", ("가1", "나1", "다1", "라1"), (0, 3, 5, 7), strict=True)
    for number, (key, shop, suffix, shift) in enumerate(four):
        listing = seen.after.get(key)
        if listing is None:
            continue
        thumbnails = list(source.thumbnails)
        thumbnails.insert(0, thumbnails.pop(number))
        name = f"{source.name} {suffix}"
        found += [
            *differs("group", listing.group, f"쇼핑몰{shop}1"),
            *differs("name", listing.name, name),
            *differs(f"{name} discount", listing.prices[5], _DISCOUNTS[(ordinal + shift) % 10]),
            *differs(f"{name} thumbnails", listing.thumbnails, thumbnails),
            *differs(f"{name} options", listing.options, _numbered(source, seen.options)),
            *differs(f"{name} memo", (listing.memo, listing.memo_exposed), (source.memo, True)),
        ]
    return found


def _numbered(source: Product, options: Options) -> list[str]:
    return numbered(source, options) if source.is_option_product else source.options


STEP3 = Trial(
    name="3_1_1",
    settings=(
        *(*_DRAWER, "header_select", "old_rows", "keyword_search", "group_filter"),
        *("image_editor", "image_editor_start", "image_editor_save", "image_editor_pace"),
        *("image_upload", "pictures"),
        *("copied_thumbnail", "detail", "button_icons", "group_names"),
    ),
    run=_run_edits,
)
STEP5 = Trial(
    name="5_1",
    settings=(
        *(*_DRAWER, "thumbnail_drag", "copy_feedback", "ai_options", "option_types"),
        *("switch_label", "count_text", "selection_after", "old_rows", "memo_strip"),
        *("form_values", "group_names"),
    ),
    run=_run_listings,
)
