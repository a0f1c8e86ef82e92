"""No module of the room but one changes anything on the site, whatever Playwright offers for it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import (
    BrowserContext,
    ElementHandle,
    Frame,
    JSHandle,
    Keyboard,
    Locator,
    Mouse,
    Page,
)

import percenty_batch.percenty

ROOM = Path(percenty_batch.percenty.__file__).parent
HANDS = ROOM / "user_input.py"

# What only looks, waits or makes a locator. All else that Playwright has is an action.
LOOKS = frozenset(
    {
        "all_inner_texts",
        "and_",
        "count",
        "element_handle",
        "element_handles",
        "filter",
        "first",
        "get_attribute",
        "get_by_placeholder",
        "get_by_role",
        "get_by_text",
        "inner_text",
        "input_value",
        "is_checked",
        "is_editable",
        "is_enabled",
        "is_visible",
        "last",
        "locator",
        "nth",
        "or_",
        "page",
        "screenshot",
        "url",
        "wait_for",
        "wait_for_element_state",
        "wait_for_function",
        "wait_for_url",
    }
)
SCRIPTS = frozenset({"evaluate", "evaluate_all", "evaluate_handle", "wait_for_function"})
PLAYWRIGHT = (
    BrowserContext,
    ElementHandle,
    Frame,
    JSHandle,
    Keyboard,
    Locator,
    Mouse,
    Page,
)
# Named alike, but not Playwright's: a drawer's closing, an event's clearing, Unicode, a name.
NAMESAKES = {
    ("frame.py", "close"),
    ("traffic.py", "clear"),
    ("shell.py", "normalize"),
    ("translation_signs.py", "name"),
    ("translation_end.py", "close"),
}
ACTIONS = {name for kind in PLAYWRIGHT for name in dir(kind) if not name.startswith("_")}
ACTIONS -= LOOKS | SCRIPTS
CHANGES = re.compile(
    r"\.(click|submit|execute|remove|append\w*|insert\w*|replaceWith|replaceChildren|set\w*|dispatchEvent|focus)\("
    r"|\.(value|checked|inner\w+|outer\w+|textContent|href)\s*=[^=]|\b(fetch|open)\("
)


def modules() -> list[Path]:
    return sorted(file for file in ROOM.rglob("*.py") if file != HANDS)


def actions_in(source: str) -> Iterator[str]:
    """Find the actions that are not `user.<action>` or `….user.<action>`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in ACTIONS and not is_hands(node.value):
            yield node.attr


def is_hands(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name.lstrip("_") == "user"


def scripts_in(source: str) -> Iterator[str]:
    """Find the text of each script that is run without passing the fence."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in SCRIPTS:
            script = node.args[0]
            known = constants[script.id] if isinstance(script, ast.Name) else script
            yield str(ast.literal_eval(known))


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_every_action_is_made_by_the_users_hands(module: Path) -> None:
    actions = set(actions_in(module.read_text(encoding="utf-8")))
    assert {(module.name, action) for action in actions} - NAMESAKES == set()


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_no_script_beside_them_changes_the_page(module: Path) -> None:
    scripts = scripts_in(module.read_text(encoding="utf-8"))
    assert [script for script in scripts if CHANGES.search(script)] == []


@pytest.mark.parametrize(
    "source",
    [
        "await button.first.click()",
        "wait(button.click)",
        "await page.goto(url)",
        "await page.keyboard.press('Enter')",
        "await row.drag_to(other)",
        "await box.set_checked(True)",
        "await page.request.post(url)",
    ],
)
def test_an_action_beside_them_would_be_found(source: str) -> None:
    assert list(actions_in(f"async def act():\n    {source}"))


@pytest.mark.parametrize(
    "script", ["e => e.click()", "e => { e.value = 'x'; }", "() => fetch('/x')"]
)
def test_a_changing_script_beside_them_would_be_found(script: str) -> None:
    (found,) = scripts_in(f"_S = {script!r}\nasync def act():\n    await e.evaluate(_S)")
    assert CHANGES.search(found)
