"""Where a request ends: said once and plainly, or its connection is not trusted any further.

Two readers that disagree about it take a part of one request for the next (RFC 9112 § 11.2).
"""

from collections.abc import Sequence
from email import errors
from email.message import Message
from typing import Any

BLANKS = " \t"  # all that may surround a value; what else Python strips, another reader may not
MAX_LENGTH_DIGITS = 18

# Of the defects that the parser of mail finds, those of lines; the others are of the parts that a
# Content-Type promises, which are not there: the body is still to come.
LINE_DEFECTS = (
    errors.MissingHeaderBodySeparatorDefect,
    errors.FirstHeaderLineIsContinuationDefect,
    errors.MisplacedEnvelopeHeaderDefect,
    errors.InvalidHeaderDefect,
)


def fault(encodings: Sequence[str], lengths: Sequence[str]) -> str | None:
    """The header at fault, of all Transfer-Encodings and Content-Lengths of one request."""
    if encodings:
        is_plain = [value.strip(BLANKS).lower() for value in encodings] == ["chunked"]
        return None if is_plain and not lengths else "Transfer-Encoding"
    if len(lengths) > 1 or not all(map(_is_number, lengths)):
        return "Content-Length"
    return None


def is_cut_short(headers: Message) -> bool:
    """Whether a line that is none hid those after it: then the parser took them for a body."""
    if any(isinstance(defect, LINE_DEFECTS) for defect in headers.defects):
        return True
    rest: Any = headers.get_payload()  # parts, where the Content-Type is one of messages
    parts = rest if isinstance(rest, list) else []
    return any(part.keys() or part.get_payload() for part in parts) or bool(rest and not parts)


def _is_number(written: str) -> bool:
    """Digits alone: Python's `int` would take `+40` and `4_0` too."""
    digits = written.strip(BLANKS)
    return digits.isascii() and digits.isdigit() and len(digits) <= MAX_LENGTH_DIGITS
