"""What can be done to a product: one module for each part of it."""

from percenty_batch.steps.actions.acting import (
    NOTHING_TO_DO,
    Act,
    Effect,
    EffectKind,
    Facts,
    OpenProduct,
    changed,
    failed,
    open_product,
    perform,
)

__all__ = [
    "NOTHING_TO_DO",
    "Act",
    "Effect",
    "EffectKind",
    "Facts",
    "OpenProduct",
    "changed",
    "failed",
    "open_product",
    "perform",
]
