"""A run as JUnit XML: a suite per batch, a case per account. Pure."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from percenty_batch.models import BatchResult, ItemOutcome, JobResult, JobStatus
from percenty_batch.reports.markdown import visible
from percenty_batch.reports.texts import STATUSES, failure_lines, item_line
from percenty_batch.reports.views import account_counts, stop_reason

_MAX_LENGTH = 500
_MAX_LINES = 20


def junit_xml(results: Iterable[BatchResult]) -> Iterator[str]:
    """Give the pieces of the file. Failed and partial accounts are failures, others that did not
    succeed are skipped."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="percenty-batch">\n'
    for result in results:
        counts = account_counts(result.jobs)
        yield (
            f"<testsuite name={_attr(result.job_id)} tests={_attr(counts.total)}"
            f" failures={_attr(counts.failed + counts.partial)} errors={_attr(0)}"
            f" skipped={_attr(counts.cancelled)} time={_attr(f'{result.duration_s:.3f}')}"
            f" timestamp={_attr(result.started_at.astimezone().isoformat(timespec='seconds'))}>\n"
        )
        for job in result.jobs:
            yield _case(job)
        yield "</testsuite>\n"
    yield "</testsuites>\n"


def _case(job: JobResult) -> str:
    head = (
        f"<testcase classname={_attr(f'step_{job.step}')} name={_attr(job.account)}"
        f" time={_attr(f'{job.duration_s:.3f}')}"
    )
    if job.status is JobStatus.SUCCEEDED:
        return f"{head}/>\n"
    if job.status is JobStatus.CANCELLED:
        why = stop_reason(job) or STATUSES[job.status][1]
        return f"{head}><skipped message={_attr(why)}/></testcase>\n"
    lines = _lines(job)
    kind = job.failure.kind.value if job.failure else "items"
    text = escape("\n".join(map(_plain, lines)))
    first = lines[0] if lines else STATUSES[job.status][1]
    return (
        f"{head}><failure type={_attr(kind)} message={_attr(first)}>{text}</failure></testcase>\n"
    )


def _lines(job: JobResult) -> list[str]:
    bad = [i for i in job.items if i.outcome in (ItemOutcome.FAILED, ItemOutcome.UNKNOWN)]
    shown = [item_line(item) for item in bad[:_MAX_LINES]]
    rest = [f"… 외 {len(bad) - _MAX_LINES}개"] if len(bad) > _MAX_LINES else []
    return [*failure_lines(job.failure), *shown, *rest]


def _attr(value: object) -> str:
    return quoteattr(_plain(str(value)))


def _plain(text: str) -> str:
    """Show what XML cannot hold, and what hides or turns text."""
    cut = text if len(text) <= _MAX_LENGTH else text[:_MAX_LENGTH] + "…"
    return visible(cut).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
