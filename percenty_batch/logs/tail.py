"""A log that is still being written, followed line by line."""

from collections import deque
from os import fstat, stat_result
from pathlib import Path


class Follower:
    """Reads what is new in a log each time it is asked; a line is told when it is whole.

    The file may not be there yet, be cut, or be deleted and made anew: then it is read from its
    begin, and `news` (Korean) says so until it is taken.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity: tuple[int, int] | None = None
        self._position = 0
        self._rest = b""
        self._news: str | None = None

    def last_lines(self, count: int, within: int | None = None) -> list[str]:
        """Skip what is there, and give its last whole lines. Raises OSError.

        `within` are the bytes at its end that are looked at (None: all of it).
        """
        has_skipped = within is not None and self._skip_to_last(within)
        lines = self.new_lines()
        return list(deque(lines[1:] if has_skipped else lines, maxlen=count))

    def new_lines(self) -> list[str]:
        """Give the whole lines that were written since the last call. Raises OSError."""
        try:
            with self._path.open("rb") as file:
                self._look_at(fstat(file.fileno()))
                file.seek(self._position)
                data = file.read()
        except FileNotFoundError:
            return []
        self._position += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [line.decode(errors="backslashreplace") for line in lines]

    def take_news(self) -> str | None:
        """Say once what has happened to the file."""
        news, self._news = self._news, None
        return news

    def _look_at(self, stat: stat_result) -> None:
        identity = (stat.st_dev, stat.st_ino)
        if self._identity not in (None, identity):
            self._restart("로그 파일이 새로 만들어졌습니다")
        elif stat.st_size < self._position:
            self._restart("로그 파일이 잘렸습니다")
        self._identity = identity

    def _skip_to_last(self, size: int) -> bool:
        try:
            self._position = max(self._path.stat().st_size - size, 0)
        except FileNotFoundError:
            return False
        return self._position > 0

    def _restart(self, news: str) -> None:
        self._position, self._rest, self._news = 0, b"", news
