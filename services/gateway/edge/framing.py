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
END = (b"\r\n", b"\n")
# One space between, as RFC 9112 § 3 writes it; HTTP/0.9, which has no version and no headers, is
# not spoken. A target may hold bytes that should have been escaped: the API refuses those.
_REQUEST = re.compile(_TOKEN + rb" [^\x00-\x20\x7f]+ HTTP/1\.[0-9]\r?\n")
# RFC 3986 § 3.2.2 and 3.2.3, without what an address of ours never has before the `@`.
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.v]+\]|[A-Za-z0-9._~%!$&'()*+,;=-]*)(?::[0-9]*)?")
_ABSOLUTE = re.compile(r"https?://[^/?#]+", re.IGNORECASE)


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
        self.is_plain = self.is_plain and (line in END or _FIELD.fullmatch(line) is not None)
        return line


def is_request(line: bytes) -> bool:
    """Whether every reader takes this first line for method, target and version."""
    return _REQUEST.fullmatch(line) is not None


def is_of_one_host(hosts: Sequence[str], *, is_old: bool) -> bool:
    """Of all Host headers; HTTP/1.0 may do without (RFC 9112 § 3.2)."""
    if not hosts:
        return is_old
    return len(hosts) == 1 and _HOST.fullmatch(hosts[0].strip(BLANKS)) is not None


def origin_form(target: str) -> str:
    """The path and query, also of a target that names scheme and host (RFC 9112 § 3.2.2)."""
    origin = _ABSOLUTE.match(target)
    if origin is None:
        return target
    path = target[origin.end() :]
    return path if path.startswith("/") else f"/{path}"


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
