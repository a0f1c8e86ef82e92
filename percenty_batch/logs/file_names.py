"""From an account's id to a file name that every file system keeps apart.

Tame characters stand for themselves, any other byte is written `%xx` as in a URL. The result
is lower-case and in Unicode's composed form, so file systems that fold case (Windows, macOS)
or normalise (macOS) cannot bring two ids together.
"""

import re
from hashlib import sha256

# The longest name that Linux, macOS and Windows all take, less what ours may add to it.
_MAX_BYTES = 255 - len("._errors.log.tmp.zst")
_DIGEST_MARK = "%sha256-"  # cannot come from an id: there a `%` is followed by two hex digits
_EMPTY = "%empty"

# Precomposed Hangul has no case and never joins with a neighbour, so it stays readable.
_WILD = re.compile(r"[^a-z0-9._@+\-가-힣]")
_WILD_START = re.compile(r"[.\-]|(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)")


def file_stem(account_id: str) -> str:
    """Give the id itself when it is tame (`user1@example.com`), else an injective safe form.

    At most 235 bytes, so that `_errors.log` and what compression adds still fit. A form that
    would be longer is cut and ends in the SHA-256 of the whole id.
    """
    if not account_id:
        return _EMPTY
    stem = _WILD.sub(lambda match: _escaped(match[0]), account_id)
    if _WILD_START.match(stem):  # hidden file, command-line option, or a device of Windows
        stem = _escaped(stem[0]) + stem[1:]
    if stem.endswith("."):  # Windows drops a last dot
        stem = stem[:-1] + _escaped(".")
    return stem if len(stem.encode()) <= _MAX_BYTES else _cut(stem, account_id)


def _escaped(char: str) -> str:
    return "".join(f"%{byte:02x}" for byte in _bytes(char))


def _cut(stem: str, account_id: str) -> str:
    tail = _DIGEST_MARK + sha256(_bytes(account_id)).hexdigest()
    head = stem.encode()[: _MAX_BYTES - len(tail)].decode(errors="ignore")
    return head + tail


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
