"""Write the reports. Blocking; a report that cannot be written never hides the result."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from percenty_batch.models import BatchResult, LogGap
from percenty_batch.reports.documents import batch_document, summary_document, to_json
from percenty_batch.reports.files import write_atomically
from percenty_batch.reports.markdown import visible
from percenty_batch.reports.masking import Mask, masked
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.render import render_batch, render_summary
from percenty_batch.reports.summary import batch_report_name, summary_report_name, summary_view
from percenty_batch.reports.views import batch_view

_TAME_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiles:
    """The two files of a report; None when one could not be written, and then why."""

    markdown: Path | None
    json: Path | None
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
    return _write_pair(
        folder / batch_report_name(_tame(result.job_id)),
        markdown=lambda: render_batch(batch_view(clean, log_paths, gaps), templates_dir),
        data=lambda: to_json(batch_document(clean, log_paths, gaps)),
        should_replace=should_replace,
    )


def write_summary_report(
    results: Sequence[BatchResult],
    *,
    stamp: str,
    folder: Path,
    log_paths: LogPaths,
    templates_dir: Path | None = None,
    mask: Mask = str,
    gaps: Sequence[LogGap] = (),
) -> ReportFiles:
    """Write `summary_report_<stamp>.md` and `.json` over all batches so far.

    An earlier summary of the run is replaced. Only batch reports that are in `folder` are
    linked. `gaps` and problems as in `write_batch_report`.
    """
    clean = [masked(result, mask) for result in results]
    written = _names_in(folder)
    return _write_pair(
        folder / summary_report_name(_tame(stamp)),
        markdown=lambda: render_summary(
            summary_view(clean, stamp=stamp, logs=log_paths, written=written, gaps=gaps),
            templates_dir,
        ),
        data=lambda: to_json(
            summary_document(clean, stamp=stamp, logs=log_paths, written=written, gaps=gaps)
        ),
        should_replace=True,
    )


def _write_pair(
    base: Path, *, markdown: Callable[[], str], data: Callable[[], str], should_replace: bool
) -> ReportFiles:
    problems: list[str] = []

    def written(path: Path, make: Callable[[], str]) -> Path | None:
        try:
            write_atomically(path, make(), should_replace=should_replace)
        except Exception as error:  # noqa: BLE001 - disk or a user's template: the twin must survive
            problems.append(f"보고서를 쓰지 못했습니다: {path}: {visible(str(error))}")
            return None
        return path

    json_path = written(base.with_name(f"{base.name}.json"), data)
    markdown_path = written(base.with_name(f"{base.name}.md"), markdown)
    return ReportFiles(markdown=markdown_path, json=json_path, problems=tuple(problems))


def _tame(name: str) -> str:
    if not _TAME_NAME.fullmatch(name):
        raise ValueError(f"not fit for a file name: {name!r}")
    return name


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(path.name for path in folder.iterdir())
    except OSError:
        return frozenset()  # a missing folder is made, or told, when the report is written
