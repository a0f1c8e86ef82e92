"""Search files and what is packed in them."""

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.leaks.forms import forms


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search came to: the files that were read, members of archives among them.

    `hits` name the file, whose secret it is, and the form.
    """

    files: tuple[str, ...]
    hits: tuple[str, ...]


def search(paths: Iterable[Path], secrets: Mapping[str, str]) -> Search:
    """Look for every secret, given by name, in all files below `paths`."""
    wanted = {
        (name, form): spellings
        for name, secret in secrets.items()
        for form, spellings in forms(secret).items()
    }
    files, hits = [], []
    for path in paths:
        for name, data in _read(path):
            files.append(name)
            hits += [
                f"{name}: {whose}, {form}"
                for (whose, form), spellings in wanted.items()
                if any(spelling in data for spelling in spellings)
            ]
    return Search(files=tuple(files), hits=tuple(hits))


def _read(top: Path) -> Iterator[tuple[str, bytes]]:
    for path in [top] if top.is_file() else _files_below(top):
        try:
            if path.is_file() and not path.is_symlink():
                yield from _unpacked(str(path), path.read_bytes())
        except FileNotFoundError:  # a process that just ends takes its files with it
            continue


def _files_below(top: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(top):
        yield from (Path(folder, name) for name in sorted(names))


def _unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from _unpacked(f"{name}!{member}", archive.read(member))
    elif data.startswith(b"\x1f\x8b"):
        yield from _unpacked(f"{name}!", gzip.decompress(data))
    elif (unpacked := _inflated(data)) is not None:
        yield f"{name}!", unpacked


def _inflated(data: bytes) -> bytes | None:
    """Unpack a bare zlib stream."""
    if data[:1] != b"\x78":
        return None
    try:
        return zlib.decompress(data)
    except zlib.error:
        return None
