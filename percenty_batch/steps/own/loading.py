"""Modules with steps of the user's own, read before anything starts."""

import importlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from structlog.typing import FilteringBoundLogger

from percenty_batch.errors import InputError
from percenty_batch.models import Account, OnFailure, StopReason
from percenty_batch.percenty import PercentySite
from percenty_batch.steps.catalogue import STEPS, resolve_step, step_id_of
from percenty_batch.steps.context import StepContext
from percenty_batch.steps.own.context import OwnContext, SignInContext, reason_at_the_end
from percenty_batch.steps.own.declaring import MARK, Count, Declaration, SignIn, SignInMark, Work
from percenty_batch.steps.spec import Found, StepSpec
from percenty_batch.steps.spec import SignIn as SpecSignIn
from percenty_batch.steps.units import Unit

_T = TypeVar("_T")

_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def load_steps(places: Iterable[str], stop_on_failure: Iterable[str] = ()) -> dict[str, StepSpec]:
    """Give all steps, ours and those of the modules. `places`: files (`x.py`) or module names.

    `stop_on_failure` names the steps whose failure stops an account's later ones, whatever they
    say themselves. Raises InputError with one line for the first thing that is wrong.
    """
    steps = dict(STEPS)
    for place in places:
        for each in _steps_of(place):
            if each.id in steps:
                raise InputError(f"--steps-from {place}: 단계 '{each.id}'이(가) 이미 있습니다")
            steps[each.id] = each
    for name in stop_on_failure:
        named = resolve_step(name, steps, source="steps.stop_on_failure")
        steps[named.id] = replace(named, on_failure=OnFailure.STOP)
    return steps


def _steps_of(place: str) -> Iterator[StepSpec]:
    module = _imported(place)
    marked = {
        name: (value, vars(value).get(MARK))
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and value.__module__ == module.__name__
        and hasattr(value, MARK)
    }
    for name, (function, _) in marked.items():
        _check(place, name, function)
    sign_ins = [function for function, mark in marked.values() if isinstance(mark, SignInMark)]
    declared = [
        (function, mark) for function, mark in marked.values() if isinstance(mark, Declaration)
    ]
    if not declared:
        raise InputError(f"--steps-from {place}: @step으로 표시한 함수가 없습니다")
    if len(sign_ins) > 1:
        raise InputError(f"--steps-from {place}: @sign_in 함수가 {len(sign_ins)}개입니다 (하나만)")
    for function, mark in declared:
        yield _spec(place, mark, function, sign_ins[0] if sign_ins else None)


def _imported(place: str) -> ModuleType:
    try:
        return _from_file(Path(place)) if place.endswith(".py") else importlib.import_module(place)
    except InputError:
        raise
    except SyntaxError as error:
        raise InputError(
            f"--steps-from {place}:{error.lineno}행: 파이썬 문법이 잘못되었습니다"
        ) from error
    # Whatever a module of the user's does when it is imported is told in one line.
    except Exception as error:
        raise InputError(
            f"--steps-from {place}: 불러올 수 없습니다 ({type(error).__name__}: {_first(error)})"
        ) from error


def _from_file(path: Path) -> ModuleType:
    """Import a file once, as a module of its own name."""
    if not path.is_file():
        raise InputError(f"--steps-from {path}: 파일이 없습니다")
    place = str(path.resolve())
    name = f"percenty_batch_own_{path.stem}_{sha256(place.encode()).hexdigest()[:8]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, place)
    if spec is None or spec.loader is None:
        raise InputError(f"--steps-from {path}: 파이썬 파일이 아닙니다")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _first(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _check(place: str, name: str, function: object) -> None:
    takes = list(inspect.signature(function).parameters.values())  # type: ignore[arg-type]
    is_one = len([each for each in takes if each.default is each.empty]) == 1
    if not inspect.iscoroutinefunction(function) or not is_one:
        raise InputError(f"--steps-from {place}: {name}: async def {name}(ctx) 형식이어야 합니다")


def _spec(place: str, told: Declaration, work: Work, sign_in: SignIn | None) -> StepSpec:
    if not _ID.fullmatch(told.id) or step_id_of(told.id) != told.id:
        raise InputError(
            f"--steps-from {place}: '{told.id}': 단계 이름은 영문 소문자로 시작하고"
            " 영문 소문자, 숫자, -, _만 쓸 수 있습니다 (step으로 시작할 수 없음)"
        )
    if told.quantity < 1:
        raise InputError(f"--steps-from {place}: {told.id}: quantity는 1 이상이어야 합니다")
    return StepSpec(
        id=told.id,
        title=told.title,
        unit=Unit.ITEM,
        usual_quantity=told.quantity,
        stops=(StopReason.QUANTITY_REACHED, StopReason.SOURCE_EMPTY),
        run=_run(work, told.id),
        look=_look(told.count),
        on_failure=told.on_failure,
        sign_in=_sign_in(sign_in) if sign_in else None,
    )


def _run(work: Work, name: str) -> Callable[[StepContext], Awaitable[StopReason]]:
    async def run(ctx: StepContext) -> StopReason:
        told = await ctx.site.fenced(_on_own_page(ctx, work), name=name)
        return reason_at_the_end(ctx, told)

    return run


def _look(count: Count | None) -> Callable[[StepContext], Awaitable[Found]]:
    async def look(ctx: StepContext) -> Found:
        if count is None:
            return Found(count=None, lines=("미리 셀 수 없는 단계입니다 (@step의 count가 없음)",))
        number = await ctx.site.fenced(_on_own_page(ctx, count), name="count")
        return Found(count=number)

    return look


async def _on_own_page(ctx: StepContext, work: Callable[[OwnContext], Awaitable[_T]]) -> _T:
    await ctx.site.watch_overlays()
    return await work(OwnContext(ctx))


def _sign_in(function: SignIn) -> SpecSignIn:
    async def sign_in(account: Account, site: PercentySite, log: FilteringBoundLogger) -> bool:
        page = site.own_page(log)
        ctx = SignInContext(account=account, page=page, url=site.url, log=log)
        return await function(ctx) is not False

    return sign_in
