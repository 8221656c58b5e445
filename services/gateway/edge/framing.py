"""Where a request ends: said once and plainly, or its connection is not trusted any further.

Two readers that disagree about it take a part of one request for the next (RFC 9112 § 11.2).
"""

import re
from collections.abc import Sequence
from typing import Protocol

BLANKS = " \t"  # all that may surround a value; what else Python strips, another reader may not
MAX_LENGTH_DIGITS = 18

# RFC 9110 § 5.1, 5.5 and RFC 9112 § 5: no blank before the colon, no line that goes on with the
# next, and no control character but the tab. A CR alone ends a line for Python's parser of mail
# and for nobody else, so that what follows it would be a header to us alone (RFC 9112 § 2.2).
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_FIELD = re.compile(_TOKEN + rb":[^\x00-\x08\x0a-\x1f\x7f]*\r?\n")
_END = (b"\r\n", b"\n")


class Lines(Protocol):
    """What the lines of a head are read from."""

    def readline(self, size: int = -1) -> bytes:
        """The next one, with its end; empty when there are no more."""


class Head:
    """The lines of a request's head, noting whether each is a header to every reader alike."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self.is_plain = lines, True

    def readline(self, size: int = -1) -> bytes:
        """The next line. A head that is cut off is not plain either."""
        line = self._lines.readline(size)
        self.is_plain = self.is_plain and (line in _END or _FIELD.fullmatch(line) is not None)
        return line


def fault(encodings: Sequence[str], lengths: Sequence[str], *, is_old: bool = False) -> str | None:
    """The header at fault, of all Transfer-Encodings and Content-Lengths of one request.

    `is_old`: of HTTP/1.0, which has no encodings. Who passed one on may have read another end of
    the body (RFC 9112 § 6.1).
    """
    if encodings:
        is_plain = [value.strip(BLANKS).lower() for value in encodings] == ["chunked"]
        is_sure = is_plain and not lengths and not is_old
        return None if is_sure else "Transfer-Encoding"
    if len(lengths) > 1 or not all(map(_is_number, lengths)):
        return "Content-Length"
    return None


def _is_number(written: str) -> bool:
    """Digits alone: Python's `int` would take `+40` and `4_0` too."""
    digits = written.strip(BLANKS)
    return digits.isascii() and digits.isdigit() and len(digits) <= MAX_LENGTH_DIGITS
