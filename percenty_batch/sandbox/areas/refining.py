"""What the site's machines do in the drawer: translate images, refine option names."""

from collections.abc import Sequence
from dataclasses import replace

from percenty_batch.sandbox.areas.ordinals import Ordinals
from percenty_batch.sandbox.store import Refused, Session, Store, Unanswered
from percenty_batch.sandbox.world import Product, with_images

TRANSLATED = "-ko"
REFINED = "고급 "
LONGEST_OPTION = 25


def translate(store: Store, session: Session, key: str, image: str) -> str:
    """Translate one image; returns the new one, which belongs to nothing until it is saved."""
    faults = session.account.faults.drawer
    _work(store, session, "translation", faults.endless_translations, faults.translation_errors)
    after = image + TRANSLATED
    store.note(session, key, "translated", image, after)
    return after


def save_images(
    store: Store, session: Session, key: str, area: str, images: Sequence[str]
) -> Product:
    """Take what the image editor saves: one area's images, as many as there were, in order."""
    store.count_save(session, key)
    ordinal = store.area(Ordinals).next(session, "editor_save")
    if ordinal in session.account.faults.drawer.editor_save_errors:
        raise Refused(500, "site_error", "이미지를 저장하지 못했습니다.")
    product = store.product(session, key)
    before, after = with_images(product, area, tuple(images))
    if before != tuple(images):
        store.put(session, after, f"{area}_images", before, tuple(images))
    return after


def refine(store: Store, session: Session, key: str) -> Product:
    """Give the options better names: without their numbers."""
    faults = session.account.faults.drawer
    _work(store, session, "refinement", faults.endless_refinements, faults.refinement_errors)
    product = store.product(session, key)
    names = tuple(_refined(name) for name in product.options)
    if names != product.options:
        after = replace(product, options=names)
        store.put(session, after, "options", product.options, names)
    return store.product(session, key)


def _work(
    store: Store, session: Session, deed: str, endless: Sequence[int], errors: Sequence[int]
) -> None:
    ordinal = store.area(Ordinals).next(session, deed)
    if ordinal in endless:
        raise Unanswered
    if ordinal in errors:
        raise Refused(500, "site_error", "요청을 처리하지 못했습니다. 잠시 후 다시 시도해 주세요.")


def _refined(name: str) -> str:
    bare = name.split(". ", 1)[-1]
    return (bare if bare.startswith(REFINED) else REFINED + bare)[:LONGEST_OPTION]
