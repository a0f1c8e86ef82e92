"""What a call is, and how it tells a product."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request

from percenty_batch.sandbox.store import Session, Store
from percenty_batch.sandbox.world import Product

Answer = dict[str, Any]
Call = Callable[[Store, Session, Request, dict[str, Any]], Answer]


def full(product: Product) -> Answer:
    """Tell everything of a product."""
    return asdict(product) | {
        "disclosure": dict(product.disclosure),
        "images": product.images,
        "image_count": len(product.images),
        "model": product.model,
    }
