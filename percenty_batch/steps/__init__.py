"""What is done to an account: the catalogue of steps and the parts that they are made of."""

from percenty_batch.steps.book import ItemBook
from percenty_batch.steps.catalogue import NOT_OFFERED, STEPS, resolve_step, spellings
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.sources import Ungrouped
from percenty_batch.steps.spec import Found, StepSpec
from percenty_batch.steps.units import Unit

__all__ = [
    "NOT_OFFERED",
    "STEPS",
    "Found",
    "ItemBook",
    "ItemEdits",
    "StepContext",
    "StepSpec",
    "Ungrouped",
    "Unit",
    "resolve_step",
    "spellings",
]
