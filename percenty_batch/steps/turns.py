"""Sequences that go on from product to product, through all runs of an account."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from percenty_batch.steps.context import StepContext
from percenty_batch.steps.edits import ItemEdits

T = TypeVar("T")


async def place_in(ctx: StepContext, edits: ItemEdits, sequence: str) -> int:
    """Tell the product's place in an account's sequence, from 0.

    It is given one once, in the same breath as the sequence moves on: a product that is taken up
    again keeps its place, and no place is given twice.
    """
    known = edits.intended(sequence)
    if isinstance(known, int):
        return known
    turn = await ctx.turn(sequence)
    await edits.intend(sequence, turn.position, replace(turn, position=turn.position + 1))
    return turn.position


def rotated(values: Sequence[T], place: int, shift: int = 0) -> T:
    """Give the value of a place; after the last one follows the first."""
    return values[(place + shift) % len(values)]
