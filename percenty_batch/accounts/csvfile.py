"""CSV account files: UTF-8, or CP949 because Korean Excel writes it."""

import csv
import io
from collections.abc import Sequence

from percenty_batch.accounts.table import Line
from percenty_batch.errors import InputError

# UTF-8 first: Korean text in CP949 is practically never valid UTF-8, the reverse is not so.
_ENCODINGS = ("utf-8-sig", "cp949")


def read_csv(name: str, data: bytes) -> tuple[Sequence[Line], str]:
    """Return the lines of comma-separated values and the encoding that was found.

    `name` is for messages. Raises InputError.
    """
    text, encoding = _decode(name, data)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            lines.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{name}:{start}행: CSV 형식이 잘못되었습니다 (닫히지 않은 따옴표 등)"
        ) from error
    _check_widths(name, lines)
    return lines, encoding


def _decode(name: str, data: bytes) -> tuple[str, str]:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise InputError(f"{name}: 문자 인코딩을 알 수 없습니다 (UTF-8 또는 CP949로 저장하세요)")


def _check_widths(name: str, lines: list[tuple[int, list[str]]]) -> None:
    # A comma in an unquoted password would otherwise cut the password in silence.
    header = next((cells for _, cells in lines if any(cell.strip() for cell in cells)), [])
    wide = [
        number for number, cells in lines if len(cells) > len(header) and any(map(str.strip, cells))
    ]
    if wide:
        raise InputError(
            "\n".join(
                f"{name}:{number}행: 값이 열 이름보다 많습니다"
                ' (쉼표가 든 값은 큰따옴표로 감싸세요: "a,b")'
                for number in wide
            )
        )
