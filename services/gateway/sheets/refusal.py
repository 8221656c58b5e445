"""Why nothing of a file can be read."""

from typing import Any


class Unreadable(Exception):
    """`code` is one of the problems of files, `params` those of its text."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params
