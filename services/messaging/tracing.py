"""One trace id from the first request to the last log line that follows from it."""

import re
from contextlib import AbstractContextManager
from typing import Any

from structlog.contextvars import bound_contextvars

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def valid_traceparent(text: Any) -> str | None:
    """W3C Trace Context; anything else that a caller sends is not passed on."""
    return text if isinstance(text, str) and _TRACEPARENT.fullmatch(text) else None


def traced(traceparent: Any) -> AbstractContextManager[None]:
    """Log lines inside carry `trace_id`, when there is one."""
    valid = valid_traceparent(traceparent)
    return bound_contextvars(**({"trace_id": valid.split("-")[1]} if valid else {}))
