"""What is done to an account: the catalogue of steps and the parts that they are made of."""

from percenty_batch.steps.catalogue import STEPS, StepSpec, resolve_step
from percenty_batch.steps.context import AccountMemory, ItemBook, StepContext

__all__ = [
    "STEPS",
    "AccountMemory",
    "ItemBook",
    "StepContext",
    "StepSpec",
    "resolve_step",
]
