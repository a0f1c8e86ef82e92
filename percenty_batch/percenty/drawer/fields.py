"""The drawer's text fields: a form may stand there before its values have arrived."""

from playwright.async_api import Locator

from percenty_batch.percenty.drawer.frame import Drawer
from percenty_batch.percenty.user_input import UserInput

_QUIET_S = 0.1
_SILENCES_S = (_QUIET_S, _QUIET_S, 0.5)


def following_input(label: str) -> str:
    """XPath of the text input after a label; the site's inputs have no names of their own [H]."""
    return (
        f".//*[normalize-space(translate(text(), '*:', '  '))='{label}']"
        "/following::input[contains(@class, 'ant-input')][1]"
    )


async def arrived(drawer: Drawer, field: Locator) -> str:
    """Return the text that two silences in a row show; an empty one is looked at once more."""
    seen = ""
    for silence_s in _SILENCES_S:
        await drawer.screen.idle(silence_s)
        text = await field.input_value()
        if text and text == seen:
            break
        seen = text
    return seen


async def commit(user: UserInput, field: Locator, text: str) -> None:
    """Type a text and leave the field, which is when the site saves it."""
    await user.fill(field, text)
    await user.press(field, "Tab")


async def kept(drawer: Drawer, field: Locator, text: str) -> str:
    """Commit a text, have it saved, and return what the field holds when the site is silent.

    An answer under way may have brought the old text back. Raises ItemError when the site did
    not take the change.
    """
    await commit(drawer.user, field, text)
    await drawer.screen.idle(_QUIET_S)
    await drawer.saved()
    return await field.input_value()
