"""Templates turned into answers. Everything printed is escaped, visible and bounded."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from percenty_batch.dashboard.access import Session
from percenty_batch.reports import html_environment

_STATIC = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around every page: its title, where it is in the menu, and the session."""

    title: str
    here: str
    session: Session | None


@cache
def _environment() -> Environment:
    return html_environment(None)


def page(
    request: Request, name: str, title: str, *, status: int = 200, **values: object
) -> Response:
    """Render a page; the template sees `frame` and the values."""
    frame = Frame(title=title, here=name, session=request.state.session)
    template = _environment().get_template(f"dashboard/{name}.html.j2")
    return HTMLResponse(template.render(frame=frame, **values), status)


def problem(request: Request, status: int, text: str) -> Response:
    """Say in one line why there is no such page, or why an action was refused."""
    return page(request, "problem", "안내", status=status, text=text)


def static_files() -> dict[str, Response]:
    """Read what the pages load. Blocking."""
    return {
        path.name: Response(path.read_bytes(), media_type=_TYPES[path.suffix])
        for path in _STATIC.iterdir()
        if path.suffix in _TYPES
    }
