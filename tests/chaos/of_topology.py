"""Row 8: a queue that exists with other arguments, a right that is missing."""

import json
import time

import amqp

from deploy.sails.broker import USER, VHOST
from tests.chaos.field import RUNS_WITHIN_S, Field, wait_until
from tests.chaos.plan import Fault

RED_S = 10.0
CURED_S = 60.0
DECLARE_TRIES = 20  # its consumer may be first to make it again
REGISTER_FLUSHED_S = 2.0  # a quorum queue that was just made, see docs/runbook.md


def other_arguments(fault: Fault, field: Field) -> None:
    """In place of a quorum queue a classic one. No fact is for it now, so none is lost with it."""
    (queue,) = fault.targets
    name = queue.partition(".")[0]
    _replace(field, queue)
    _turns_red(field, name, queue, time.monotonic())
    with field.stage.channel() as channel:
        channel.queue_delete(queue)
    field.recovered("other arguments", time.monotonic())
    time.sleep(REGISTER_FLUSHED_S)


def missing_right(fault: Fault, field: Field) -> None:
    """The service may not read its queues, which shows when it connects anew."""
    (name,) = fault.targets
    _grant(field, read=rf"^(?!{name}\.).*$")
    since_s = field.kill(name)
    try:
        _turns_red(field, name, "ACCESS_REFUSED", since_s)
    finally:
        _grant(field)
    field.recovered("missing right", time.monotonic())


def _grant(field: Field, **rights: str) -> None:
    """Everything to everybody's user, but for these."""
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    rule = {"user": USER, "vhost": VHOST} | everything | rights
    field.stage.cluster.nodes[0].control(
        "import_definitions", text=json.dumps({"permissions": [rule]})
    )


def _replace(field: Field, queue: str) -> None:
    for _ in range(DECLARE_TRIES):
        with field.stage.channel() as channel:
            channel.queue_delete(queue)
            try:
                channel.queue_declare(queue, durable=True, auto_delete=False)
            except amqp.PreconditionFailed:
                continue
            return
    raise TimeoutError(f"{queue} was made again each time before it could be made otherwise")


def _turns_red(field: Field, name: str, reason: str, since_s: float) -> None:
    def red() -> bool:
        return any(reason in one for one in field.stage.reasons(name))

    wait_until(f"{name} to be red for {reason}", red, RUNS_WITHIN_S)
    took_s = time.monotonic() - since_s
    field.recorder.must(took_s <= RED_S, f"{name} turned red for {reason} after {took_s:.1f} s")
