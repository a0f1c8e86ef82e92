"""What must hold of step 3_1_1: the row's edits are each made once, then the product is moved."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from percenty_batch.sandbox import Change, Product
from tests.kill_points.law import report_laws
from tests.kill_points.workbook import HTML, TARGET

SOURCE = "신규수집"
_ONCE = ("detail_html", "group")
_DELETED_IMAGES = 2


def broken_laws(
    report: Mapping[str, Any],
    record: Sequence[Change],
    planned: Mapping[str, Sequence[Product]],
) -> list[str]:
    """Name everything that is wrong; `planned` are each account's products of the keyword."""
    found = list(report_laws(report, record, planned))
    for account, products in planned.items():
        mine = [change for change in record if change.account == account and change.product]
        for product in products:
            of_it = [change for change in mine if change.product == product.key]
            found += [f"{account} {product.key}: {law}" for law in _product_laws(of_it, product)]
        if {change.product for change in mine} - {product.key for product in products}:
            found.append(f"{account}: products that were not planned were changed")
    return found


def _product_laws(changes: Sequence[Change], product: Product) -> Iterator[str]:
    """An image may be translated twice: what was not saved is lost with the page."""
    for what in _ONCE:
        times = sum(change.what == what for change in changes)
        if times != 1:
            yield f"{what} was changed {times} times"
    deleted = sum(change.what == "image_count" for change in changes)
    if deleted != _DELETED_IMAGES:
        yield f"{deleted} images were deleted"
    last = {change.what: change.after for change in changes}
    if last.get("group") != TARGET:
        yield f"group {last.get('group')!r}"
    if str(last.get("detail_html")).count(HTML) != 1:
        yield "the HTML is not once in the detail page"
    for what, images in _expected(product).items():
        if last.get(what) != images:
            yield f"{what} {last.get(what)}"


def _expected(product: Product) -> dict[str, tuple[str, ...]]:
    """What the row makes of the images."""
    first, second = product.option_images
    one, *rest = product.thumbnails[1:]
    thumbnails = (f"{one}-ko", *rest, first, f"{second}-ko", first)
    return {
        "detail_images": tuple(f"{image}-ko" for image in product.images[1:-1]),
        "thumbnails_images": thumbnails,
        "options_images": (first, f"{second}-ko"),
    }
