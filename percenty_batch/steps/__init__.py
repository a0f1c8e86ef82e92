"""What is done to an account: the catalogue of steps and the parts that they are made of."""

from percenty_batch.steps.book import ItemBook
from percenty_batch.steps.catalogue import STEPS, StepSpec, resolve_step
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits

__all__ = [
    "STEPS",
    "ItemBook",
    "ItemEdits",
    "StepContext",
    "StepSpec",
    "resolve_step",
]
