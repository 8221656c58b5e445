"""Where a request ends: said once and plainly, or its connection is not trusted any further.

Two readers that disagree about it take a part of one request for the next (RFC 9112 § 11.2).
"""

from collections.abc import Sequence

BLANKS = " \t"  # all that may surround a value; what else Python strips, another reader may not
MAX_LENGTH_DIGITS = 18


def fault(encodings: Sequence[str], lengths: Sequence[str]) -> str | None:
    """The header at fault, of all Transfer-Encodings and Content-Lengths of one request."""
    if encodings:
        is_plain = [value.strip(BLANKS).lower() for value in encodings] == ["chunked"]
        return None if is_plain and not lengths else "Transfer-Encoding"
    if len(lengths) > 1 or not all(map(_is_number, lengths)):
        return "Content-Length"
    return None


def _is_number(written: str) -> bool:
    """Digits alone: Python's `int` would take `+40` and `4_0` too."""
    digits = written.strip(BLANKS)
    return digits.isascii() and digits.isdigit() and len(digits) <= MAX_LENGTH_DIGITS
