"""click in Korean: headings, values, and every error as one line that names the option."""

import math
from collections.abc import Callable

import click

_PIECES = {"[OPTIONS]": "[옵션]", "COMMAND [ARGS]...": "명령 [인자]..."}

Check = Callable[[click.Context, click.Parameter, object], object]
"""A click callback: gives the value of an option, or raises BadParameter in Korean."""


class KoreanCommand(click.Command):
    """A command whose help and errors are Korean."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # click refuses further arguments itself, but in English.
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            error.ctx = ctx  # click leaves it out, and `usage_line` looks the option up in it
            raise
        if rest and not isinstance(self, click.Group):
            raise click.UsageError(f"{rest[0]!r}: 받지 않는 인자입니다", ctx)
        return rest

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "이 도움말을 보여 줍니다"
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [_PIECES.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="사용법: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        with formatter.section("옵션"):
            formatter.write_dl([record for o in options if (record := o.get_help_record(ctx))])


class KoreanGroup(KoreanCommand, click.Group):
    """A group of commands whose help and errors are Korean."""

    command_class = KoreanCommand

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None:
            known = ", ".join(self.list_commands(ctx))
            raise click.UsageError(f"{name!r}: 없는 명령입니다 (명령: {known})", ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("명령"):
            formatter.write_dl([(name, c.get_short_help_str(80)) for name, c in commands if c])


def whole_number(minimum: int, maximum: float = math.inf) -> Check:
    """Check for a whole number between the limits."""
    return _number(int, "정수", minimum, maximum)


def decimal_number(minimum: int) -> Check:
    """Check for a finite number of at least `minimum`."""
    return _number(float, "숫자", minimum, math.inf)


def one_of(*words: str) -> Check:
    """Check for one of a few words."""

    def check(ctx: click.Context, param: click.Parameter, value: object) -> object:
        if value is not None and value not in words:
            text = f"{', '.join(words)} 중 하나여야 합니다 (입력: {value!r})"
            raise click.BadParameter(text, ctx, param)
        return value

    return check


def _number(convert: type[int | float], kind: str, minimum: int, maximum: float) -> Check:
    limits = f"{minimum} 이상의" if maximum == math.inf else f"{minimum}-{maximum} 사이의"

    def check(ctx: click.Context, param: click.Parameter, value: object) -> object:
        if value is None:
            return None
        try:
            number = convert(str(value))
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and minimum <= number <= maximum):
            text = f"{limits} {kind}여야 합니다 (입력: {value!r})"
            raise click.BadParameter(text, ctx, param)
        return number

    return check


def usage_line(error: click.UsageError) -> str:
    """Say in one Korean line what is wrong with a command line."""
    match error:
        case click.NoSuchOption():
            close = ", ".join(sorted(error.possibilities or ()))
            hint = f" (혹시: {close})" if close else ""
            return f"{error.option_name}: 없는 옵션입니다{hint}"
        case click.BadOptionUsage():
            need = "값을 받지 않습니다" if _is_flag(error) else "값이 필요합니다"
            return f"{error.option_name}: {need}"
        case click.MissingParameter():
            return f"{_name(error.param)}: 반드시 지정해야 합니다"
        case click.BadParameter():
            return f"{_name(error.param)}: {error.message}"
    return error.message


def _is_flag(error: click.BadOptionUsage) -> bool:
    options = error.ctx.command.get_params(error.ctx) if error.ctx else ()
    return any(
        isinstance(option, click.Option) and option.is_flag and error.option_name in option.opts
        for option in options
    )


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return str(param.human_readable_name) if param else ""
