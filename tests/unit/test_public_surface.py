import dataclasses
import importlib
import importlib.resources
import inspect
import pkgutil

import pytest
from pydantic import BaseModel

import percenty_batch
from percenty_batch import errors, models, settings
from percenty_batch.errors import PercentyBatchError

ROOMS = [
    module.name
    for module in pkgutil.iter_modules(percenty_batch.__path__, "percenty_batch.")
    if module.ispkg
]


def classes(module: object) -> list[type]:
    """The module's own and imported classes."""
    return [each for each in vars(module).values() if isinstance(each, type)]


def test_the_root_offers_just_what_its_users_need() -> None:
    assert percenty_batch.__all__ == [
        "Account",
        "BatchManager",
        "BatchResult",
        "CannotRunError",
        "FailureKind",
        "InputError",
        "ItemError",
        "ItemOutcome",
        "ItemResult",
        "JobResult",
        "JobStatus",
        "OwnContext",
        "OwnItem",
        "PercentyBatchError",
        "Settings",
        "SignInContext",
        "SignInError",
        "StopReason",
        "Verdict",
        "sign_in",
        "step",
    ]


@pytest.mark.parametrize("name", ["percenty_batch", *ROOMS])
def test_a_door_leads_only_to_what_exists(name: str) -> None:
    room = importlib.import_module(name)
    assert room.__doc__
    assert len(set(room.__all__)) == len(room.__all__)
    assert [offered for offered in room.__all__ if not hasattr(room, offered)] == []


def test_every_error_that_is_raised_on_purpose_is_of_one_tree() -> None:
    own = [each for each in classes(errors) if issubclass(each, BaseException)]
    assert PercentyBatchError in own
    assert [each for each in own if not issubclass(each, PercentyBatchError)] == []


def test_values_are_frozen_slotted_and_by_keyword_only() -> None:
    values = [each for each in classes(models) if dataclasses.is_dataclass(each)]
    assert models.BatchResult in values
    for value in values:
        parameters = inspect.signature(value).parameters.values()
        assert {each.kind for each in parameters} == {inspect.Parameter.KEYWORD_ONLY}
        assert "__slots__" in vars(value)
        assert value.__setattr__ is not object.__setattr__


def test_settings_are_frozen_and_refuse_unknown_keys() -> None:
    parts = [each for each in classes(settings) if issubclass(each, BaseModel)]
    assert percenty_batch.Settings in parts
    assert all(part.model_config.get("frozen") for part in parts)
    assert all(part.model_config.get("extra") == "forbid" for part in parts)


def test_the_package_says_that_it_is_typed() -> None:
    assert (importlib.resources.files("percenty_batch") / "py.typed").is_file()
