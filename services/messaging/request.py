"""What arrives at the owner of a command or query, read and checked before anything is touched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError

from services.contracts.actor import Actor
from services.contracts.characters import refuse_control_characters
from services.contracts.problems import Problem
from services.messaging.tracing import valid_traceparent

MAX_DEPTH = 20  # the deepest command nests four levels
MAX_ERRORS = 50  # enough to mend a form by; a body of thousands of wrong rows is cut short
MAX_POINTER = 200  # a pointer repeats keys that the caller chose
MAX_KEY = 128  # characters of an Idempotency-Key: a UUID is 36

Payload = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One call, as every owner receives it; `services.contracts` says what it may contain.

    `seen`: kind -> id -> the sequence of it that the caller has been shown; not sent with a first
    attempt, but with the question whether a refusal is final.
    """

    actor: Actor
    id: str | None
    arguments: Any
    expected_version: int | None
    idempotency_key: str | None
    body_sha256: str
    received_at: datetime
    deadline: datetime | None
    traceparent: str | None
    seen: Mapping[str, Mapping[str, int]]

    @classmethod
    def read(cls, payload: Payload, real_now: datetime) -> "Request":
        """Raises Problem("too_late") when nobody waits for the answer any more."""
        request = cls(
            actor=Actor.from_json(payload["actor"]),
            id=payload.get("id"),
            arguments=payload.get("arguments") or {},
            expected_version=payload.get("expected_version"),
            idempotency_key=_key(payload.get("idempotency_key")),
            body_sha256=payload.get("body_sha256", ""),
            received_at=_moment(payload.get("received_at")) or real_now,
            deadline=_moment(payload.get("deadline")),
            traceparent=valid_traceparent(payload.get("traceparent")),
            seen=payload.get("seen") or {},
        )
        if request.deadline is not None and request.deadline < real_now:
            raise Problem("too_late")
        return request


def load_arguments(schema: Schema, arguments: Any) -> dict[str, Any]:
    """The arguments typed. Raises Problem("invalid") naming each field by its JSON pointer."""
    _refuse_unstorable(arguments)
    try:
        loaded: dict[str, Any] = schema.load(arguments)
    except ValidationError as error:
        raise Problem("invalid", errors=_errors(error.messages)) from None
    return loaded


def _errors(messages: Any) -> list[dict[str, str]]:
    found = [
        {"pointer": pointer[:MAX_POINTER], "message": message}
        for pointer, message in _flat(messages, "")
    ]
    return found[:MAX_ERRORS]


def _flat(messages: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """marshmallow's nested messages as (pointer, message), RFC 6901."""
    if isinstance(messages, dict):
        for name, nested in messages.items():
            yield from _flat(nested, pointer if name == "_schema" else _join(pointer, name))
    elif isinstance(messages, list):
        for message in messages:
            yield from _flat(message, pointer)
    else:
        yield pointer, str(messages)


def _join(pointer: str, name: object) -> str:
    return f"{pointer}/" + str(name).replace("~", "~0").replace("/", "~1")


def _refuse_unstorable(value: Any, pointer: str = "", depth: int = 0) -> None:
    """No string, whatever its field, may hold what PostgreSQL's text or jsonb cannot."""
    if depth > MAX_DEPTH:
        raise _invalid(pointer, "Nested too deeply.")
    if isinstance(value, str):
        _refuse_controls(value, pointer)
    elif isinstance(value, dict):
        for name, nested in value.items():
            _refuse_unstorable(name, pointer, depth + 1)
            _refuse_unstorable(nested, _join(pointer, name), depth + 1)
    elif isinstance(value, list):
        for index, nested in enumerate(value):
            _refuse_unstorable(nested, _join(pointer, index), depth + 1)


def _refuse_controls(text: str, pointer: str) -> None:
    try:
        refuse_control_characters(text)
    except ValidationError as error:
        raise _invalid(pointer, str(error.messages[0])) from None


def _invalid(pointer: str, message: str) -> Problem:
    shown = pointer[:MAX_POINTER]
    return Problem("invalid", shown, errors=[{"pointer": shown, "message": message}])


def _key(key: str | None) -> str | None:
    if key is not None and not (key.isprintable() and 0 < len(key) <= MAX_KEY):
        raise _invalid("", "The Idempotency-Key is empty, too long or not printable.")
    return key


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
