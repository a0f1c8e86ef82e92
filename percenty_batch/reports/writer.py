"""Write the reports. Blocking; a report that cannot be written never hides the result."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from percenty_batch.models import BatchResult, LogGap
from percenty_batch.reports.documents import batch_json, summary_document, to_json
from percenty_batch.reports.files import write_atomically
from percenty_batch.reports.history import History
from percenty_batch.reports.junit import junit_xml
from percenty_batch.reports.markdown import visible
from percenty_batch.reports.masking import Mask, masked
from percenty_batch.reports.page import changes_by_key, page_view
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.render import render_batch, render_page, render_summary
from percenty_batch.reports.summary import batch_report_name, summary_report_name, summary_view
from percenty_batch.reports.tables import handover_csv, rows_csv
from percenty_batch.reports.views import batch_view

_TAME_NAME = re.compile(r"[\w.-]+")


FORMATS = ("junit", "csv", "handover")
"""What a run writes beside Markdown, JSON and HTML when it is asked to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiles:
    """The files of a report; None when one could not be written, and then why.

    Only a run's summary has `html`, and `others` of the formats that were asked for.
    """

    markdown: Path | None
    json: Path | None
    html: Path | None = None
    others: tuple[Path, ...] = ()
    problems: tuple[str, ...] = ()


def write_batch_report(
    result: BatchResult,
    *,
    folder: Path,
    log_paths: LogPaths,
    templates_dir: Path | None = None,
    mask: Mask = str,
    gaps: Sequence[LogGap] = (),
    should_replace: bool = False,
) -> ReportFiles:
    """Write `batch_report_<job_id>.md` and `.json`; a file that is there already is kept.

    With `should_replace` it is replaced, as a resumed run's must be. `gaps` are those of the
    run's logs; the ones that touch the batch are told. `mask` takes secrets out of every text
    that came from a page. What goes wrong is told in `problems`; ValueError only for a job id
    that cannot be part of a file name.
    """
    clean = masked(result, mask)
    desk = _Desk(should_replace=should_replace)
    base = folder / batch_report_name(_tame(result.job_id))
    data = desk.write(base, ".json", lambda: batch_json(clean, log_paths, gaps))
    text = desk.write(
        base, ".md", lambda: [render_batch(batch_view(clean, log_paths, gaps), templates_dir)]
    )
    return ReportFiles(markdown=text, json=data, problems=tuple(desk.problems))


def write_summary_report(
    results: Sequence[BatchResult],
    *,
    stamp: str,
    folder: Path,
    log_paths: LogPaths,
    templates_dir: Path | None = None,
    mask: Mask = str,
    gaps: Sequence[LogGap] = (),
    history: History | None = None,
    formats: Collection[str] = (),
    notices: Sequence[str] = (),
) -> ReportFiles:
    """Write `summary_report_<stamp>.md`, `.json` and `.html` over all batches so far.

    An earlier summary of the run is replaced. Only batch reports that are in `folder` are
    linked. `gaps` and problems as in `write_batch_report`. `history` are the nights before;
    `formats` are the FORMATS that are written as well, `notices` say what went wrong with the
    run's messages.
    """
    clean = [masked(result, mask) for result in results]
    written = _names_in(folder)
    desk = _Desk(should_replace=True)
    base = folder / summary_report_name(_tame(stamp))
    told: dict[str, Any] = {
        "stamp": stamp,
        "logs": log_paths,
        "written": written,
        "gaps": gaps,
        "notices": notices,
    }
    data = desk.write(base, ".json", lambda: [to_json(summary_document(clean, **told))])
    text = desk.write(
        base,
        ".md",
        lambda: [render_summary(summary_view(clean, **told), templates_dir)],
    )
    page = desk.write(
        base,
        ".html",
        lambda: render_page(page_view(clean, history=history, **told), templates_dir),
    )
    others = _write_others(desk, base, clean, log_paths, history, formats)
    return ReportFiles(
        markdown=text, json=data, html=page, others=others, problems=tuple(desk.problems)
    )


@dataclass(slots=True)
class _Desk:
    """Writes one file after the other; one that fails is told and does not stop the next."""

    should_replace: bool
    problems: list[str] = field(default_factory=list)

    def write(self, base: Path, ending: str, make: Callable[[], Iterable[str]]) -> Path | None:
        path = base.with_name(f"{base.name}{ending}")
        try:
            write_atomically(path, make(), should_replace=self.should_replace)
        except Exception as error:  # noqa: BLE001 - disk or a user's template: the others must survive
            self.problems.append(f"보고서를 쓰지 못했습니다: {path}: {visible(str(error))}")
            return None
        return path


def _write_others(
    desk: _Desk,
    base: Path,
    results: Sequence[BatchResult],
    logs: LogPaths,
    history: History | None,
    formats: Collection[str],
) -> tuple[Path, ...]:
    changes = changes_by_key(results, history)
    handover = base.with_name(base.name.replace("summary_report", "handover"))
    makers: dict[str, tuple[Path, str, Callable[[], Iterable[str]]]] = {
        "junit": (base, ".junit.xml", lambda: junit_xml(results)),
        "csv": (base, ".csv", lambda: rows_csv(results, changes)),
        "handover": (handover, ".csv", lambda: handover_csv(results, changes, logs)),
    }
    paths = [desk.write(*makers[each]) for each in FORMATS if each in formats]
    return tuple(path for path in paths if path)


def _tame(name: str) -> str:
    if not _TAME_NAME.fullmatch(name):
        raise ValueError(f"not fit for a file name: {name!r}")
    return name


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(path.name for path in folder.iterdir())
    except OSError:
        return frozenset()  # a missing folder is made, or told, when the report is written
