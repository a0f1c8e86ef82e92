"""One account on the page: what became of it, and the ways to its log and evidence. Pure."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from percenty_batch.models import ItemOutcome, JobResult
from percenty_batch.reports.page.charts import spoken
from percenty_batch.reports.paths import LogPaths
from percenty_batch.reports.texts import STATUSES, clock, failure_lines, item_line
from percenty_batch.reports.views import source_counts, stop_reason

_LOG_FOLDER = "../../"  # as seen from the page: it stands in `reports/<stamp>/`
_MAX_LINES = 5
_MAX_FILES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLink:
    """A file of the log folder. `line` is where to look in it, from 1; no `href`: it is gone."""

    href: str | None
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCard:
    """One account in one batch. `products` are those done, where its items are none themselves."""

    name: str
    step: str
    mark: str
    status: str
    kind: str
    requested: int
    done: int
    failed: int
    unknown: int
    products: int | None
    errors: tuple[str, ...]
    errors_left_off: int
    stop_reason: str | None
    source_counts: str | None
    attempts: int
    times: str
    duration: str
    log: FileLink
    images: tuple[FileLink, ...]
    files: tuple[FileLink, ...]
    evidence_left_off: int


@dataclass(slots=True, kw_only=True)
class Links:
    """Makes links into the log folder. `images_left`: how many thumbnails the page still takes."""

    logs: LogPaths
    images_left: int

    def without_images(self) -> "Links":
        return replace(self, images_left=0)

    def log_of(self, job: JobResult) -> FileLink:
        path = posixpath.relpath(self.logs.log_of(job.account), self.logs.reports)
        name = posixpath.basename(path)
        if not self.logs.has_log(job.account):
            return FileLink(href=None, text=name)
        line = self.logs.error_line_of(job.account) if job.attempts else None
        return FileLink(href=address(path), text=name, line=line)

    def images(self, paths: list[str]) -> tuple[FileLink, ...]:
        shown = paths[: max(min(self.images_left, _MAX_FILES), 0)]
        self.images_left -= len(shown)
        return tuple(map(evidence, shown))


def address(path: str) -> str:
    """Write a path as the address of a file: nothing in it is more than a name."""
    return quote(path, errors="surrogatepass")


def evidence(path: str) -> FileLink:
    """Link to a piece of evidence by its path in the log folder."""
    return FileLink(href=_LOG_FOLDER + address(path), text=path.rpartition("/")[2])


def card_of(job: JobResult, links: Links) -> AccountCard:
    """Show an account. A saved page is named, but not linked: its scripts would run."""
    mark, status = STATUSES[job.status]
    errors = tuple(_errors(job))
    kept = [*filter(_is_inside, job.evidence + _evidence_of_items(job))]
    images = links.images([path for path in kept if path.endswith(".png")])
    texts = [path for path in kept if path.endswith(".txt")][:_MAX_FILES]
    return AccountCard(
        name=job.account,
        step=job.step,
        mark=mark,
        status=status,
        kind=job.status.value,
        requested=job.requested,
        done=job.totals.done,
        failed=job.totals.failed,
        unknown=job.totals.unknown,
        products=None if job.counts_products else job.products,
        errors=errors[:_MAX_LINES],
        errors_left_off=max(len(errors) - _MAX_LINES, 0),
        stop_reason=stop_reason(job),
        source_counts=source_counts(job),
        attempts=job.attempts,
        times=_times(job),
        duration=spoken(job.duration_s),
        log=links.log_of(job),
        images=images,
        files=tuple(map(evidence, texts)),
        evidence_left_off=len(kept) - len(images) - len(texts),
    )


def _evidence_of_items(job: JobResult) -> tuple[str, ...]:
    return tuple(path for item in job.items for path in item.evidence)


def _is_inside(path: str) -> bool:
    """Whether a path leads to a file of the log folder and nowhere else."""
    return not path.startswith("/") and ".." not in path.split("/")


def _errors(job: JobResult) -> Iterator[str]:
    yield from failure_lines(job.failure)
    bad = (ItemOutcome.FAILED, ItemOutcome.UNKNOWN)
    yield from (item_line(item) for item in job.items if item.outcome in bad)


def _times(job: JobResult) -> str:
    if job.started_at is None or job.finished_at is None:
        return ""
    return f"{clock(job.started_at)}–{clock(job.finished_at)}"
