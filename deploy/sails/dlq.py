"""`sails dlq`: what the services gave up, and what to do about it."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Annotated

import amqp
import typer

from deploy.sails import runner
from deploy.sails.control import NotRunning
from deploy.sails.database import SERVICES
from deploy.sails.lifecycle import State
from deploy.sails.output import FAILED, Json, answer, failures, table
from deploy.sails.problem import Problem
from deploy.sails.state import DEFAULT_ROOT, StateFolder
from deploy.sails.texts import text

app = typer.Typer(no_args_is_help=True)
Service = Annotated[str, typer.Argument(help=text("help-dlq-service"))]
One = Annotated[str | None, typer.Option("--id", help=text("help-dlq-id"))]


ANSWER_TIMEOUT_S = 10.0  # a frozen broker must not hold a person's terminal for ever


class BrokerAway(Problem):
    """The broker does not answer; the text is its own message."""


class NoSuchService(Problem):
    """Not one of the four; the text is what was given."""


class NoSuchLetter(Problem):
    """No dead letter of this service has this id."""


@app.command("list", help=text("help-dlq-list"))
def list_all(as_json: Json = False, state: State = DEFAULT_ROOT) -> None:
    """How many each service has."""
    with failures(as_json), _connected(state) as connection:
        counts = _messaging().deadletters.count(connection, SERVICES)
    rows = [[service, str(count)] for service, count in counts.items()]
    answer(as_json, counts, table(rows, "column-service", "column-count"))


@app.command("show", help=text("help-dlq-show"))
def show(
    service: Service, one: One = None, as_json: Json = False, state: State = DEFAULT_ROOT
) -> None:
    """Every letter with its error; with --id the whole of one, body included."""
    with failures(as_json), _connected(state, service) as connection:
        letters = _messaging().deadletters.look(connection, service)
        if one is not None:
            letters = [letter for letter in letters if letter.id == one]
            if not letters:
                raise NoSuchLetter(one)
    facts = {"items": [letter._asdict() for letter in letters]}
    if one is not None:
        answer(as_json, facts, json.dumps(facts["items"], ensure_ascii=False, indent=1))
        return
    rows = [[found.id, found.type, found.queue, found.error] for found in letters]
    answer(as_json, facts, table(rows, "column-id", "column-fact", "column-queue", "column-error"))


@app.command("replay", help=text("help-dlq-replay"))
def replay(
    service: Service, one: One = None, as_json: Json = False, state: State = DEFAULT_ROOT
) -> None:
    """Back to the queue it came from; replaying what was handled after all changes nothing.

    Those whose queue is gone stay; the exit code says that there are some.
    """
    with failures(as_json), _connected(state, service) as connection:
        replayed = _messaging().deadletters.replay(connection, service, one)
    lines = [text("dlq-replayed", count=replayed.done)]
    if replayed.skipped:
        lines.append(text("dlq-skipped", count=replayed.skipped))
    answer(as_json, {"count": replayed.done, "skipped": replayed.skipped}, *lines)
    if replayed.skipped or (one is not None and not replayed.done):
        raise typer.Exit(FAILED)


@app.command("drop", help=text("help-dlq-drop"))
def drop(
    service: Service, one: One = None, as_json: Json = False, state: State = DEFAULT_ROOT
) -> None:
    """For good."""
    with failures(as_json), _connected(state, service) as connection:
        count = _messaging().deadletters.drop(connection, service, one)
    answer(as_json, {"count": count}, text("dlq-dropped", count=count))
    if one is not None and not count:
        raise typer.Exit(FAILED)


@contextmanager
def _connected(state: Path, service: str = SERVICES[0]) -> Iterator[amqp.Connection]:
    """Raises NotRunning, NoSuchService, BrokerAway."""
    if service not in SERVICES:
        raise NoSuchService(service)
    layout = runner.running_layout(StateFolder(state))
    if layout is None:
        raise NotRunning(str(state))
    broker = _messaging().broker
    try:
        uri = layout.environment["AMQP_URI"]
        with broker.connect(uri, heartbeat_s=0, answer_timeout_s=ANSWER_TIMEOUT_S) as connection:
            yield connection
    except broker.BROKER_ERRORS as away:
        raise BrokerAway(str(away)) from away


def _messaging() -> ModuleType:
    """Imported late: a second for the whole stack, which the other commands need not wait for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that eventlet is in bug-fix mode is known
        import services.messaging.broker
        import services.messaging.deadletters

        return services.messaging
