"""What the services gave up, by the code behind `sails dlq`."""

import contextlib

import amqp

from deploy.sails.database import SERVICES
from services.messaging import deadletters
from services.messaging.broker import BROKER_ERRORS, connect
from services.messaging.deadletters import DeadLetter
from tests.chaos.stage import Stage

ANSWER_TIMEOUT_S = 10.0
PERSISTENT = 2


def found(stage: Stage) -> list[DeadLetter]:
    """All of them; none while the broker is away."""
    with contextlib.suppress(*BROKER_ERRORS), _connection(stage) as line:
        return [one for service in SERVICES for one in deadletters.look(line, service)]
    return []


def replay(stage: Stage) -> None:
    """Every one back to the queue it came from."""
    with _connection(stage) as line:
        for service in SERVICES:
            deadletters.replay(line, service)


def drop(stage: Stage, id: str) -> None:
    """Forget one."""
    with _connection(stage) as line:
        for service in SERVICES:
            deadletters.drop(line, service, id)


def give_up_again(stage: Stage, letters: list[DeadLetter]) -> None:
    """As they were given up, to where they were given up."""
    with _connection(stage) as line:
        channel = line.channel()
        for letter in letters:
            headers = letter.headers | {"x-queue": letter.queue}
            message = amqp.Message(
                letter.body, application_headers=headers, content_type="application/json",
                message_id=letter.id, delivery_mode=PERSISTENT,
            )  # fmt: skip
            channel.basic_publish(message, "", f"{letter.queue.partition('.')[0]}.dead")


def _connection(stage: Stage) -> amqp.Connection:
    uri = stage.layout.environment["AMQP_URI"]
    return connect(uri, heartbeat_s=0, answer_timeout_s=ANSWER_TIMEOUT_S)
