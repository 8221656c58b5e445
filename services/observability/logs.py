"""Logs as one JSON object per line, without what an exception's text might give away."""

import logging
import sys
import traceback
from typing import Any

import structlog

# Their messages name attributes, files and addresses; those of all other exceptions may carry the
# values at hand, and a sealed price must not reach a log.
SAFE_MESSAGES = (
    AttributeError, ImportError, IndexError, KeyError, NameError, NotImplementedError, OSError,
    RecursionError, TypeError,
)  # fmt: skip
MAX_FRAMES = 12  # from the raise upwards
# They log every stop, and every exception with its text; what failed is logged where it is settled.
QUIETED = ("nameko", "amqp", "kombu")


def configure(process: str) -> None:
    """Once per process, before anything logs."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            lambda logger, method, event: {"process": process, **event},
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _explain,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    for name in QUIETED:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _explain(
    logger: Any, method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Replace `exc_info` by the kind of the error, where it was raised, and what is safe of it."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event.update(explain(error))
    return event


def explain(error: BaseException) -> dict[str, Any]:
    """What a log may say about an exception."""
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    found: dict[str, Any] = {
        "error": type(error).__name__,
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames)],
    }
    if isinstance(error, SAFE_MESSAGES):
        found["message"] = str(error)
    state = getattr(getattr(error, "orig", None), "pgcode", None)
    return found | ({"sqlstate": state} if state else {})
