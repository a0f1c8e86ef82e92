"""Log files that are compressed with zstd (`x.log.zst`), read like any other.

The module is the standard library's own from Python 3.14 on, before that its backport.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKED = ".zst"
CHUNK = 1 << 20

_LEVEL = 3  # of log lines, each higher one takes far longer for hardly less
_OPTIONS: dict[int, int] = {
    zstd.CompressionParameter.compression_level: _LEVEL,
    zstd.CompressionParameter.checksum_flag: 1,
}


class DamagedFileError(OSError):
    """A compressed file cannot be read to its end: it was cut, or its bytes are wrong."""


def is_packed(name: str) -> bool:
    return name.endswith(PACKED)


def packed_path(path: Path) -> Path:
    """Name the compressed form of a file."""
    return path.with_name(path.name + PACKED)


def existing_log(path: Path) -> Path:
    """Give the file itself, or its compressed form where only that is left."""
    packed = packed_path(path)
    return packed if not path.exists() and packed.exists() else path


def chunks(path: Path) -> Iterator[bytes]:
    """Read a plain or compressed file piece by piece; the pieces end anywhere.

    Raises OSError, of the kind DamagedFileError where the file's content is at fault.
    """
    with path.open("rb", buffering=0) as file:
        yield from _unpacked(file, path) if is_packed(path.name) else _pieces(file)


def compress_into(target: BinaryIO, source: Path) -> None:
    """Append one frame with the whole of `source` to `target`."""
    packer = zstd.ZstdCompressor(options=_OPTIONS)
    target.writelines(packer.compress(piece) for piece in chunks(source))
    target.write(packer.flush())


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece


def _unpacked(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """Unpack frame after frame; the library's own file object takes half as long again."""
    unpacker, is_inside, data = zstd.ZstdDecompressor(), False, b""
    try:
        while True:
            if not data and unpacker.needs_input:
                data = file.read(CHUNK)
                if not data:
                    break
            piece = unpacker.decompress(data, CHUNK)
            is_inside, data = not unpacker.eof, b""
            if unpacker.eof:
                data, unpacker = unpacker.unused_data, zstd.ZstdDecompressor()
            if piece:
                yield piece
    except zstd.ZstdError as error:
        raise _damaged(path) from error
    if is_inside or not path.stat().st_size:
        raise _damaged(path)


def _damaged(path: Path) -> DamagedFileError:
    return DamagedFileError(None, "압축 파일이 손상됨", str(path))
