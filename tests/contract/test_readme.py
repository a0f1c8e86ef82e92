"""README is true: its commands, options, settings, exit codes and calls are those of the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import percenty_batch
from percenty_batch.accounts import Needs
from percenty_batch.cli import outcome
from percenty_batch.cli.app import app
from percenty_batch.errors import FailureKind, WorkError
from percenty_batch.jobs.decisions import GiveUp, History, decide
from percenty_batch.settings import JobSettings, setting_fields, variable_name
from percenty_batch.steps import NOT_OFFERED, STEPS

_ROOT = Path(__file__).parents[2]
_README = (_ROOT / "README.md").read_text(encoding="utf-8")
_OPTION = re.compile(r"--[a-z][a-z-]+")
# Options of other programs that the README's examples use.
_FOREIGN = {
    "--only-shell",
    "--rm",
    "--read-only",
    "--tmpfs",
    "--cap-drop",
    "--security-opt",
    "--stop-timeout",
}


def _commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{prefix}{name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{prefix}{name} ")


_COMMANDS = dict(_commands(app))


def _options(command: click.Command) -> set[str]:
    return {
        text
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for text in parameter.opts
    }


def _settings_table() -> str:
    rows = ["| setting | environment | default | meaning |", "|---|---|---|---|"]
    for key, field in setting_fields():
        value = field.get_default(call_default_factory=True)
        shown = {"state.folder": "the user's state folder"}.get(key, "" if value is None else value)
        if isinstance(shown, tuple):
            shown = ", ".join(shown)
        rows.append(f"| `{key}` | `{variable_name(key)}` | {shown} | {field.description} |")
    return "\n".join(rows)


def _needs(needs: Needs) -> str:
    named = {
        "task sheet": needs.tasks,
        "rows of `market_id`": needs.markets,
        f"`suffixA{needs.suffixes}` … `suffixD{needs.suffixes}`": needs.suffixes,
    }
    return ", ".join(name for name, is_needed in named.items() if is_needed)


def _steps_table() -> str:
    rows = [
        "| step | what it does | counts | without `--quantity` | needs |",
        "|---|---|---|---|---|",
    ]
    for step in STEPS.values():
        usual = "all rows" if step.usual_quantity is None else step.usual_quantity
        rows.append(
            f"| `{step.id}` | {step.title} | {step.unit} | {usual} | {_needs(step.needs)} |"
        )
    return "\n".join(rows)


def test_every_step_is_in_the_readmes_table_as_it_is_declared() -> None:
    table = _README.split("<!-- steps:begin -->")[1].split("<!-- steps:end -->")[0]
    assert table.strip() == _steps_table()


def test_the_readme_names_the_steps_that_are_not_offered() -> None:
    assert {step for step in NOT_OFFERED if step not in _README} == set()


def test_every_command_is_in_the_readme() -> None:
    assert {name for name in _COMMANDS if f"`percenty-batch {name}" not in _README} == set()


def test_every_command_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"percenty-batch ([a-z]+)", _README)) - {"run"}
    assert named <= set(_COMMANDS)


def test_every_option_that_the_readme_names_exists() -> None:
    known = set().union(*(_options(command) for command in _COMMANDS.values()))
    assert set(_OPTION.findall(_README)) - _FOREIGN <= known


def test_every_option_of_run_is_in_the_readmes_table() -> None:
    table = _README.split("Options of `run`:")[1].split("\n\n")[1]
    assert set(_OPTION.findall(table)) == _options(_COMMANDS["run"])


def test_every_setting_is_in_the_readmes_table_with_its_default() -> None:
    table = _README.split("<!-- settings:begin -->")[1].split("<!-- settings:end -->")[0]
    assert table.strip() == _settings_table()


def test_the_readmes_exit_codes_are_those_of_the_program() -> None:
    table = _README.split("### Exit codes")[1].split("\n\n")[1]
    codes = {
        int(code)
        for code in re.findall(r"\d+", " ".join(re.findall(r"^\|([^|]+)", table, re.MULTILINE)))
    }
    assert codes == {
        outcome.SUCCEEDED,
        outcome.SOME_FAILED,
        outcome.BAD_INPUT,
        outcome.COULD_NOT_RUN,
        outcome.HALTED,
        outcome.DEADLINE,
        outcome.DISK,
        outcome.NOT_REPORTED,
        outcome.LATE,
        *(130, 143),
    }


@pytest.mark.parametrize("kind", FailureKind)
def test_the_readmes_answer_to_a_failure_is_that_of_the_program(kind: FailureKind) -> None:
    table = _README.split("### Failures and their answers")[1].split("\n\n")[1]
    (row,) = (line for line in table.splitlines() if f"`{kind}`" in line.split("|")[1])

    answer = decide(WorkError(kind, "x"), History(), JobSettings(), chance=0.5)

    assert ("never" in row.split("|")[2]) is isinstance(answer, GiveUp)


def test_every_option_of_resume_and_report_is_named_in_the_readme() -> None:
    named = set(_OPTION.findall(_README))
    for command in ("resume", "report"):
        assert _options(_COMMANDS[command]) <= named


def test_every_setting_that_the_readmes_text_names_exists() -> None:
    rooms = {key.split(".")[0] for key, _ in setting_fields()}
    named = {
        name for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", _README) if name.split(".")[0] in rooms
    }
    assert named <= {key for key, _ in setting_fields()}


@pytest.mark.parametrize("target", ["demo", "test", "lint", "bench", "clean"])
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    assert f"make {target}" in _README
    assert re.search(rf"^{target}:", (_ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_ci_calls_the_readmes_test_command() -> None:
    assert "make test" in (_ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_readmes_python_example_uses_what_the_package_offers() -> None:
    blocks = [text.split("```")[0] for text in _README.split("```python")[1:]]
    (example,) = (text for text in blocks if "BatchManager" in text)
    tree = ast.parse(example)
    manager = percenty_batch.BatchManager
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "batch_manager"
    }
    assert used == {"run_single_step", "generate_summary_report", "account_loggers"}
    assert all(hasattr(manager, name) for name in used)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((\S+?)\)", _README))))
def test_every_file_that_the_readme_links_exists(path: str) -> None:
    assert path.startswith(("https://", "#")) or (_ROOT / path).is_file()
