"""Steps of the user's own: declared by decorators, loaded from modules, worked like all others."""

from percenty_batch.steps.own.context import OwnContext, OwnItem, SignInContext
from percenty_batch.steps.own.declaring import sign_in, step
from percenty_batch.steps.own.loading import load_steps

__all__ = [
    "OwnContext",
    "OwnItem",
    "SignInContext",
    "load_steps",
    "sign_in",
    "step",
]
