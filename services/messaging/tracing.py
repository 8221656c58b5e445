"""One trace id from the first request to the last log line that follows from it."""

import re
from contextlib import AbstractContextManager

from structlog.contextvars import bound_contextvars

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def valid_traceparent(text: str | None) -> str | None:
    """W3C Trace Context; anything else that a caller sends is not passed on."""
    return text if text is not None and _TRACEPARENT.fullmatch(text) else None


def traced(traceparent: str | None) -> AbstractContextManager[None]:
    """Log lines inside carry `trace_id`, when there is one."""
    found = _TRACEPARENT.fullmatch(traceparent or "")
    return bound_contextvars(**({"trace_id": found[1]} if found else {}))
