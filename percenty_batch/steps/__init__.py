"""What is done to an account: the catalogue of steps and the parts that they are made of."""

from percenty_batch.steps.book import ItemBook
from percenty_batch.steps.catalogue import NOT_OFFERED, STEPS, resolve_step, spellings
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits
from percenty_batch.steps.own import OwnContext, OwnItem, SignInContext, load_steps, sign_in, step
from percenty_batch.steps.planning import PlannedStep, plan_step, split_steps
from percenty_batch.steps.sources import Ungrouped
from percenty_batch.steps.spec import Found, StepSpec
from percenty_batch.steps.units import Unit

__all__ = [
    "NOT_OFFERED",
    "STEPS",
    "Found",
    "ItemBook",
    "ItemEdits",
    "OwnContext",
    "OwnItem",
    "PlannedStep",
    "SignInContext",
    "StepContext",
    "StepSpec",
    "Ungrouped",
    "Unit",
    "load_steps",
    "plan_step",
    "resolve_step",
    "sign_in",
    "spellings",
    "split_steps",
    "step",
]
