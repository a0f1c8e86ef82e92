"""The byte strings by which a secret would be recognised."""

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

_ENCODE_URI = ";,/?:@&=+$-_.!~*'()#"
_ENCODE_URI_COMPONENT = "-_.!~*'()"


def forms(secret: str) -> dict[str, frozenset[bytes]]:
    """Give each form's name and the bytes that it may be."""
    return {
        "plain": frozenset({secret.encode()}),
        "url": frozenset(map(str.encode, _url(secret))),
        "json": frozenset(map(str.encode, _json(secret))),
        "html": frozenset(map(str.encode, _html(secret))),
        "base64": frozenset(_base64(secret.encode())),
        "utf-16": frozenset({secret.encode("utf-16-le"), secret.encode("utf-16-be")}),
    }


def _url(secret: str) -> Iterator[str]:
    for form in (
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        quote(secret, safe=_ENCODE_URI),
        quote(secret, safe=_ENCODE_URI_COMPONENT),
    ):
        yield form
        yield re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), form)


def _json(secret: str) -> Iterator[str]:
    for is_ascii in (True, False):
        text = json.dumps(secret, ensure_ascii=is_ascii)[1:-1]
        yield text
        yield text.replace("/", "\\/")
        yield text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        yield json.dumps(text, ensure_ascii=is_ascii)[1:-1]  # JSON in JSON


def _html(secret: str) -> Iterator[str]:
    text = html.escape(secret, quote=False)
    for form in (
        text,
        text.replace('"', "&quot;"),
        text.replace('"', "&#34;").replace("'", "&#39;"),
        text.replace('"', "&quot;").replace("'", "&#39;"),
        text.replace('"', "&quot;").replace("'", "&#x27;"),
        secret.replace("&", "&amp;").replace('"', "&quot;"),
    ):
        yield form
        yield "".join(char if char.isascii() else f"&#{ord(char)};" for char in form)
        yield "".join(char if char.isascii() else f"&#x{ord(char):x};" for char in form)


def _base64(data: bytes) -> Iterator[bytes]:
    """Wherever the secret begins in what was encoded: only the characters that it alone makes."""
    for before in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            first = (before * 8 + 5) // 6
            last = (before + len(data)) * 8 // 6
            yield encode(bytes(before) + data)[first:last]
