"""Files of the log folder as answers: only those that its tree lists, none of them a program."""

import asyncio
from pathlib import Path

from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse

from percenty_batch.logs import FileKind, StoredFile, chunks, stored_file

_SHOWN = frozenset(
    {FileKind.LOG, FileKind.ERRORS, FileKind.BATCH, FileKind.EVIDENCE, FileKind.REPORT}
)
_TEXT = "text/plain; charset=utf-8"
_TYPES = {
    ".log": _TEXT,
    ".txt": _TEXT,
    ".md": _TEXT,
    ".xml": _TEXT,
    ".json": "application/json",
    ".png": "image/png",
}
_LOCKED = "default-src 'none'; sandbox; frame-ancestors 'none'"
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Beside the policy that is written in the page itself; both hold."""


async def file_response(root: Path, path: str) -> Response:
    """Answer with a file; 404 for whatever is not one of ours."""
    try:
        file = await asyncio.to_thread(stored_file, root, path)
    except OSError:
        file = None
    if file is None or file.kind not in _SHOWN:
        return PlainTextResponse("없는 파일입니다", 404)
    return _response(root / file.path, file)


def _response(path: Path, file: StoredFile) -> Response:
    headers = {"content-security-policy": _LOCKED}
    if file.is_packed and file.kind is not FileKind.REPORT:
        return StreamingResponse(chunks(path), media_type=_TEXT, headers=headers)
    if file.kind is FileKind.REPORT and path.suffix == ".html":
        headers["content-security-policy"] = REPORT_POLICY
        return FileResponse(path, media_type="text/html; charset=utf-8", headers=headers)
    if file.kind is FileKind.EVIDENCE and path.suffix == ".html":
        return FileResponse(path, media_type=_TEXT, headers=headers)  # its scripts would run
    known = _TYPES.get(path.suffix)
    if known:
        return FileResponse(path, media_type=known, headers=headers)
    return FileResponse(
        path, media_type="application/octet-stream", headers=headers, filename=path.name
    )
