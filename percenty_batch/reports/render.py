"""From views to Markdown and HTML through Jinja2; the user's templates come before ours."""

import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateSyntaxError,
)
from markupsafe import Markup

from percenty_batch.errors import InputError
from percenty_batch.reports import markdown
from percenty_batch.reports.page import PageView
from percenty_batch.reports.sample import sample_batch, sample_page, sample_summary
from percenty_batch.reports.summary import SummaryView
from percenty_batch.reports.views import BatchView

BATCH_TEMPLATE = "batch_report.md.j2"
SUMMARY_TEMPLATE = "summary_report.md.j2"
PAGE_TEMPLATE = "summary_report.html.j2"
STYLE = "report.css"

_MAX_LENGTH = 1000  # of one printed text on the page


def render_batch(batch: BatchView, templates_dir: Path | None) -> str:
    """Render a batch's report; the template sees it as `batch`."""
    return environment(templates_dir).get_template(BATCH_TEMPLATE).render(batch=batch)


def render_summary(summary: SummaryView, templates_dir: Path | None) -> str:
    """Render a run's summary; the template sees it as `summary`."""
    return environment(templates_dir).get_template(SUMMARY_TEMPLATE).render(summary=summary)


def render_page(page: PageView, templates_dir: Path | None) -> Iterator[str]:
    """Render a run's page piece by piece; the template sees it as `page`."""
    return html_environment(templates_dir).get_template(PAGE_TEMPLATE).generate(page=page)


def check_templates(templates_dir: Path | None) -> None:
    """Render the user's templates with sample values, so that a fault shows before a run.

    Raises InputError naming file and line.
    """
    if templates_dir is None:
        return
    if not templates_dir.is_dir():
        raise InputError(f"템플릿 폴더가 없습니다: {templates_dir}")
    known = (BATCH_TEMPLATE, SUMMARY_TEMPLATE, PAGE_TEMPLATE, STYLE)
    names = [name for name in known if (templates_dir / name).exists()]
    if not names:
        raise InputError(f"템플릿 폴더에 쓸 파일({', '.join(known)})이 없습니다: {templates_dir}")
    for name in names:
        _check(templates_dir, PAGE_TEMPLATE if name == STYLE else name)


def environment(templates_dir: Path | None) -> Environment:
    """Make an environment in which every printed text is inert in Markdown by default.

    Its filters `code`, `link` and `log_link` make the only exceptions; numbers print as they are.
    """
    made = _environment(templates_dir, _inert)
    made.filters["code"] = lambda text: Markup(markdown.code(text))  # noqa: S704 - made inert
    made.filters["link"] = lambda text: Markup(markdown.link(text))  # noqa: S704 - made inert
    made.filters["log_link"] = lambda text: Markup(markdown.log_link(text))  # noqa: S704 - same
    return made


def html_environment(templates_dir: Path | None) -> Environment:
    """Make an environment in which every printed text is escaped, visible and of bounded length.

    Its filter `csp_hash` names a style sheet for the page's content security policy.
    """
    made = _environment(templates_dir, _plain)
    made.filters["csp_hash"] = _csp_hash
    return made


def _environment(templates_dir: Path | None, finalize: Callable[[object], object]) -> Environment:
    return Environment(
        loader=_loader(templates_dir),
        undefined=StrictUndefined,
        autoescape=True,  # in Markdown it keeps what filters return from being escaped again
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _csp_hash(style: str) -> Markup:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return Markup(f"sha256-{digest}")  # noqa: S704 - letters, digits, + / =


def _plain(value: object) -> object:
    """Show what is invisible, turns text or is too long; the page escapes the rest."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    cut = value if len(value) <= _MAX_LENGTH else value[:_MAX_LENGTH] + "…"
    return cut if cut.isprintable() else markdown.visible(cut)


def _inert(value: object) -> object:
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return Markup(markdown.inert(value))  # noqa: S704 - inert in Markdown, which is what we write


def _loader(templates_dir: Path | None) -> BaseLoader:
    folders = [folder for folder in (templates_dir, _packaged_folder()) if folder]
    return ChoiceLoader([FileSystemLoader(folder) for folder in folders])


def _packaged_folder() -> Path:
    """Find our templates: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def _check(templates_dir: Path, name: str) -> None:
    try:
        if name == PAGE_TEMPLATE:
            all(render_page(sample_page(), templates_dir))
            return
        template = environment(templates_dir).get_template(name)
        template.render(batch=sample_batch(), summary=sample_summary())
    except Exception as error:  # a user's template may raise anything
        place = _place(error, templates_dir, name)
        told = markdown.visible(str(error) or type(error).__name__)
        raise InputError(f"템플릿을 쓸 수 없습니다: {place}: {told}") from error


def _place(error: Exception, templates_dir: Path, name: str) -> str:
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or templates_dir / name} {error.lineno}행"
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(templates_dir)
    ]
    return f"{frames[-1].filename} {frames[-1].lineno}행" if frames else str(templates_dir / name)
