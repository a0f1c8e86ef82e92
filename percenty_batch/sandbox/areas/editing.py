"""Edits of one product, as its drawer makes them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from percenty_batch.sandbox.areas.ordinals import Ordinals, is_next_of
from percenty_batch.sandbox.store import Refused, Session, Store
from percenty_batch.sandbox.world import Product, copy_key, without_image

DUPLICATE_NAME = "이미 존재하는 상품명입니다.(-1)"
MAX_NAME = 50
_EDITABLE = frozenset(
    {
        "name",
        "memo",
        "is_memo_shown",
        "detail_html",
        "options",
        "option_images",
        "thumbnails",
        "prices",
        "keywords",
    }
)


def save(store: Store, session: Session, key: str, fields: Mapping[str, Any]) -> Product:
    """Take edits of one product; record each field that really changed."""
    store.count_save(session, key)
    if is_next_of(store, session, "save", session.account.faults.drawer.silent_saves):
        return _as_if(store.product(session, key), fields)
    for what, value in fields.items():
        if what == "disclosure":
            for label, text in value.items():
                _set_disclosure(store, session, key, label, text)
        else:
            _set(store, session, key, what, value)
    return store.product(session, key)


def delete_image(store: Store, session: Session, key: str, image: str) -> Product:
    """Take one image out of the detail page."""
    store.count_save(session, key)
    before = store.product(session, key)
    if image not in before.images:
        raise Refused(404, "not_found", "이미지를 찾을 수 없습니다.")
    if is_next_of(store, session, "delete", session.account.faults.drawer.silent_image_deletes):
        return before
    after = replace(before, detail_html=without_image(before.detail_html, image))
    store.put(session, after, "image_count", len(before.images), len(after.images))
    return after


def delete(store: Store, session: Session, key: str) -> None:
    """Delete the product."""
    store.count_save(session, key)
    product = store.product(session, key)
    del store.seller(session).products[key]
    store.note(session, key, "deleted", product.name, None)


def copy(store: Store, session: Session, key: str) -> Product:
    """Put a copy in front of the list: `name(1)`, `name(2)` …, in the same group."""
    store.count_save(session, key)
    faults = session.account.faults.drawer
    ordinal = store.area(Ordinals).next(session, "copy")
    if ordinal in faults.copy_errors:
        raise Refused(500, "site_error", "상품을 복사하지 못했습니다.")
    if ordinal in faults.double_copies:
        _copy(store, session, key)
    return _copy(store, session, key)


def _copy(store: Store, session: Session, key: str) -> Product:
    seller = store.seller(session)
    original = store.product(session, key)
    names = {product.name for product in seller.products.values()}
    number = next(n for n in range(1, 1000) if f"{original.name}({n})" not in names)
    made = sum(c.what == "copied" and c.product == key for c in store.record) + 1
    twin = replace(original, key=copy_key(original.key, made), name=f"{original.name}({number})")
    seller.products = {twin.key: twin} | seller.products
    store.note(session, key, "copied", None, twin.key)
    return twin


def _as_if(product: Product, fields: Mapping[str, Any]) -> Product:
    """Show the fields as taken."""
    shown = {what: fields[what] for what in fields if what in _EDITABLE}
    values: dict[str, Any] = {
        what: tuple(value) if isinstance(value, list) else value for what, value in shown.items()
    }
    return replace(product, **values)


def _set(store: Store, session: Session, key: str, what: str, value: Any) -> None:  # noqa: ANN401 - a field of any type
    product = store.product(session, key)
    if what not in _EDITABLE:
        raise Refused(400, "unknown_field", f"알 수 없는 항목입니다: {what}")
    if what == "name":
        _check_name(store, session, key, str(value))
    before = getattr(product, what)
    after: Any = tuple(value) if isinstance(value, list) else value
    if before != after:
        store.put(session, replace(product, **{what: after}), what, before, after)


def _set_disclosure(store: Store, session: Session, key: str, label: str, text: str) -> None:
    product = store.product(session, key)
    fields = dict(product.disclosure)
    if label not in fields:
        raise Refused(400, "unknown_field", f"알 수 없는 항목입니다: {label}")
    before = fields[label]
    if before != text:
        after = replace(product, disclosure=tuple((fields | {label: text}).items()))
        store.put(session, after, f"disclosure:{label}", before, text)


def _check_name(store: Store, session: Session, key: str, name: str) -> None:
    if not 0 < len(name) <= MAX_NAME:
        raise Refused(400, "bad_name", f"상품명은 1자 이상 {MAX_NAME}자 이하입니다.")
    others = (p for p in store.products(session.account.id) if p.key != key)
    if any(_folded(other.name) == _folded(name) for other in others):
        raise Refused(409, "duplicate_name", DUPLICATE_NAME)


def _folded(name: str) -> str:
    return "".join(name.split()).casefold()
