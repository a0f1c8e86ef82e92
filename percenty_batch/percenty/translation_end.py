"""Waiting for the end of a bulk translation, which goes on after its dialog is closed."""

import asyncio
from dataclasses import dataclass

from percenty_batch.errors import FailureKind, ItemError
from percenty_batch.percenty.product_list import ProductList
from percenty_batch.percenty.product_rows import ListedProduct
from percenty_batch.percenty.translation_signs import Rows, State, Told

_MOST_PAGES = 3  # on which the rows of one lot are looked for
_FIRST_PAUSE_S = 1.0  # between two looks at the list; doubled for each further look
_LONGEST_PAUSE_S = 15.0
_SILENCE_S = 5.0  # of an open dialog that says nothing
_MOST_SILENCES = 3  # after which it is closed, to look at the list below


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """What a lot came to, by row key."""

    done: frozenset[str]
    failed: frozenset[str]


async def translation_end(
    products: ProductList, lot: tuple[ListedProduct, ...], timeout_s: float
) -> Translated:
    """Wait until the lot's translation, started before, has ended.

    `lot` are the rows as they were before the start. Raises ItemError with `effect_unknown` when
    its end was not seen in time, when it broke, or when it is not known which products failed.
    """
    rows = Rows(lot)
    try:
        async with asyncio.timeout(timeout_s):
            said = await _said(products, rows)
    except TimeoutError as error:
        raise ItemError(
            FailureKind.TIMEOUT,
            f"번역이 {timeout_s:g}초 안에 끝난 것이 확인되지 않았습니다",
            effect_unknown=True,
        ) from error
    keys = frozenset(row.key for row in lot)
    failed = (rows.failed | said.failed) & keys
    if said.failed_count is not None and said.failed_count > len(failed):
        raise ItemError(
            FailureKind.SITE_ERROR,
            f"번역 {said.failed_count}건이 실패했지만 어느 상품인지 알 수 없습니다",
            effect_unknown=True,
        )
    return Translated(done=keys - failed, failed=failed)


async def translation_state(products: ProductList, lot: tuple[ListedProduct, ...]) -> State:
    """Tell what the lot's rows, read anew, say of a translation that may have been started."""
    rows = Rows(lot)
    return rows.saw(await _rows_of(products, rows))


async def _said(products: ProductList, rows: Rows) -> Told:
    """Look at dialog, messages and rows until they say that all is over."""
    dialog, pause_s, silences = products.translation, _FIRST_PAUSE_S, 0
    over: Told | None = None
    while True:
        said = await dialog.told()
        if said.state is State.BROKEN:
            raise ItemError(
                FailureKind.SITE_ERROR, "번역 중 오류가 발생했습니다", effect_unknown=True
            )
        if said.state is State.FINISHED:
            over = said
        elif await dialog.is_open() and (said.state is State.RUNNING or silences < _MOST_SILENCES):
            silences += not await dialog.changed(_SILENCE_S)
            continue
        await dialog.close()
        state = rows.saw(await _rows_of(products, rows))
        is_over = over is not None and not (over.is_guess and rows.are_chinese)
        if state is State.FINISHED or (is_over and state is not State.RUNNING):
            return over or said
        await dialog.changed(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


async def _rows_of(products: ProductList, rows: Rows) -> dict[str, ListedProduct]:
    """Read the lot's rows anew, on whichever of the first pages they stand now."""
    page = await products.refresh()
    found = {row.key: row for row in page.rows}
    for _ in range(_MOST_PAGES - 1):
        if rows.keys <= found.keys() or (turned := await products.next_page()) is None:
            break
        found |= {row.key: row for row in turned.rows}
    return found
