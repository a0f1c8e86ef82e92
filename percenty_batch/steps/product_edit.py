"""The work on one product: its actions in order, then the move to the group of its route."""

from collections.abc import Callable, Sequence

from percenty_batch.percenty import ListedProduct, ProductPage
from percenty_batch.steps.actions import Act, Facts, open_product, perform
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.moving import move
from percenty_batch.steps.product_loop import Worked

Route = Callable[[Facts], str]


async def edit_and_move(
    ctx: StepContext,
    product: ListedProduct,
    page: ProductPage,
    acts: Sequence[Act],
    route: Route,
) -> Worked:
    """Edit a product and move it; done only when the move is verified.

    The last action closes the drawer. One that ends the product leaves nothing to move.
    """
    work = await open_product(ctx, product, page)
    for act in acts:
        if (end := (await perform(ctx, work, act)).end) is not None:
            return end
    target = route(work.facts)
    ctx.log.debug(f"{work.facts} → {target}", item=product.key)
    moved = await move(ctx, product, page, target)
    return Worked(page=moved.page, moved_to=moved.label)
