"""What was given up: look at it, send it back to its queue, or drop it.

Plain functions over an open AMQP connection, for the operator's command line. Replaying a fact
that was handled after all changes nothing: the inbox knows it.

A process that dies between putting a message aside and letting go of it leaves it here twice.
Such copies are one letter: shown once, sent back once, dropped together.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import amqp
from amqp.exceptions import NotFound

from services.messaging.aside import ATTEMPT_HEADER, ERROR_HEADER, QUEUE_HEADER
from services.messaging.confirms import ConfirmWindow
from services.messaging.envelope import PERSISTENT
from services.messaging.topology import dead_queue

MAX_LOOKED_AT = 1_000  # dead letters per call; more than that is an outage, not an accident
CONFIRM_TIMEOUT_S = 10.0
BACK_TIMEOUT_S, BACK_POLL_S = 2.0, 0.02
DELIVERED_TOO_OFTEN = "delivered too often"  # whoever took it did not live to say what it does


Judge = Callable[[amqp.Message], bool]
Copies = list[amqp.Message]  # of one letter, the oldest first; never empty


class DeadLetter(NamedTuple):
    """One message that was given up, and why. `queue` is where it would be replayed to."""

    id: str
    queue: str
    type: str
    error: str
    attempts: int
    headers: dict[str, Any]
    body: str


class Replayed(NamedTuple):
    """How many went back to their queues, and how many stay because there is none any more."""

    done: int
    skipped: int


def count(connection: amqp.Connection, services: Iterable[str]) -> dict[str, int]:
    """How many messages each service gave up, copies included; those without a queue have none."""
    return {service: _count(connection, service) for service in services}


def look(connection: amqp.Connection, service: str) -> list[DeadLetter]:
    """The dead letters of a service, oldest first; all of them stay where they are."""
    with _taken(connection, service) as messages:
        return [_read(copies[0]) for copies in _letters(messages)]


def replay(connection: amqp.Connection, service: str, id: str | None = None) -> Replayed:
    """Send one, or all, back to the queue they came from, as far as there still is one."""
    window = ConfirmWindow(connection)

    def send_back(message: amqp.Message) -> bool:
        before = window.returned
        window.publish(_fresh(message), "", _read(message).queue, mandatory=True)
        window.settle(CONFIRM_TIMEOUT_S)
        return window.returned == before

    return _remove(connection, service, id, send_back)


def drop(connection: amqp.Connection, service: str, id: str | None = None) -> int:
    """Forget one, or all, for good; how many that were."""
    return _remove(connection, service, id, lambda message: True).done


def _remove(
    connection: amqp.Connection,
    service: str,
    id: str | None,
    may_go: Judge,
) -> Replayed:
    with _taken(connection, service) as messages:
        chosen = [copies for copies in _letters(messages) if id in {None, _read(copies[0]).id}]
        gone = [copies for copies in chosen if _let_go(copies, messages, may_go)]
    return Replayed(len(gone), len(chosen) - len(gone))


def _let_go(copies: Copies, held: list[amqp.Message], may_go: Judge) -> bool:
    if not may_go(copies[0]):
        return False
    for message in copies:
        message.channel.basic_ack(message.delivery_tag)
        held.remove(message)
    return True


def _letters(messages: list[amqp.Message]) -> list[Copies]:
    """The messages by what they say: copies have one origin, one id and the same bytes."""
    found: dict[tuple[str, str, str], Copies] = {}
    for message in messages:
        letter = _read(message)
        found.setdefault((letter.queue, letter.id, letter.body), []).append(message)
    return list(found.values())


@contextmanager
def _taken(connection: amqp.Connection, service: str) -> Iterator[list[amqp.Message]]:
    """Hold the messages; those still in the list at the end go back as the channel closes."""
    channel = connection.channel()
    messages: list[amqp.Message] = []
    if _count(connection, service):
        while len(messages) < MAX_LOOKED_AT and (message := channel.basic_get(dead_queue(service))):
            messages.append(message)
    try:
        yield messages
    finally:
        channel.close()
        _wait_until_back(connection, service, len(messages))


def _wait_until_back(connection: amqp.Connection, service: str, expected: int) -> None:
    """The broker puts them back in its own time; the next look must find them."""
    end = time.monotonic() + BACK_TIMEOUT_S
    while _count(connection, service) < expected and time.monotonic() < end:
        time.sleep(BACK_POLL_S)


def _count(connection: amqp.Connection, service: str) -> int:
    channel = connection.channel()
    try:
        found = int(channel.queue_declare(dead_queue(service), passive=True).message_count)
    except NotFound:  # which closes the channel
        return 0
    channel.close()
    return found


def _read(message: amqp.Message) -> DeadLetter:
    headers = dict(message.properties.get("application_headers") or {})
    death = (headers.get("x-death") or [{}])[0]
    body = message.body
    return DeadLetter(
        id=message.properties.get("message_id") or str(headers.get("ce-id", "")),
        queue=str(headers.get(QUEUE_HEADER) or death.get("queue", "")),
        type=str(headers.get("ce-type", "")),
        error=str(headers.get(ERROR_HEADER) or DELIVERED_TOO_OFTEN),
        attempts=int(headers.get(ATTEMPT_HEADER) or death.get("count", 0)),
        headers=headers,
        body=body.decode(errors="replace") if isinstance(body, bytes) else body,
    )


def _fresh(message: amqp.Message) -> amqp.Message:
    """The message as it was first published: its attempts are counted anew."""
    given_up = {ATTEMPT_HEADER, ERROR_HEADER, QUEUE_HEADER, "x-delivery-count"}
    headers = message.properties.get("application_headers") or {}
    kept = {
        name: value
        for name, value in headers.items()
        if name not in given_up and "death" not in name
    }
    properties = {
        name: value for name, value in message.properties.items() if name != "application_headers"
    }
    properties |= {"application_headers": kept, "delivery_mode": PERSISTENT}
    return amqp.Message(message.body, **properties)
