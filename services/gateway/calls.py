"""A command or query on its way to its owner, and the owner's reply as the caller's document."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

from services.contracts import joining, party, webhook
from services.contracts.actor import Actor
from services.contracts.declare import Command, Query
from services.contracts.envelope import Event
from services.contracts.notes import worded
from services.gateway import credentials
from services.gateway.commands import HANDLERS
from services.gateway.credentials import NewSecret
from services.gateway.edge import documents, files, intake
from services.gateway.edge.intake import Call
from services.gateway.owners import Owners, Payload, Remote, Reply, checked
from services.gateway.queries import ANSWERS
from services.gateway.readmodel import audiences, projector, rendering
from services.gateway.readmodel.rendering import render
from services.messaging import Transactions, ask, execute
from services.messaging.request import load_arguments

OWN = "gateway"
Document = dict[str, Any]


class Calls:
    """Carries out commands and asks queries for callers."""

    def __init__(
        self, work: Transactions, owners: Owners, *, demo_clock: bool, allow_private: bool
    ) -> None:
        self._work, self._owners = work, Remote(owners, work.sessionmaker)
        self._demo_clock, self._allow_private = demo_clock, allow_private

    def carry_out(self, command: Command, actor: Actor, call: Call) -> "Outcome":
        """Raises Problem; what the owner did is in the read model when this returns."""
        arguments = _arguments(command, call)
        key = intake.idempotency_key(call.request)
        version = intake.expected_version(call.request) if command.versioned else None
        load_arguments(command.schema, arguments)  # what is invalid need not travel
        payload = self._payload(actor, call, arguments)
        payload |= {"idempotency_key": key, "expected_version": version}
        secret = _new_secret(command)
        events, result = self._reply(command, actor, payload, secret, call.body)
        self._work.project(projector.keep, events)
        return Outcome(command, call.id, events, _shown(result, secret), mine=audiences.mine(actor))

    def ask(self, query: Query, actor: Actor, call: Call) -> Document:
        """The owner's answer, rendered."""
        arguments = intake.asked(call, query.schema)
        load_arguments(query.schema, arguments)
        payload = self._payload(actor, call, arguments)
        if query.service == OWN:
            reply = checked(ask(query, ANSWERS[query.name], self._work, payload))
        else:
            reply = self._owners.reply(query, actor, payload)
        answer: Document = render(worded(reply["answer"]))
        return answer

    def ask_soon(self, query: Query, arguments: Document, timeout_s: float) -> Document:
        """The owner's answer to the platform itself, if it comes in time. Raises Problem."""
        now = datetime.now(UTC)
        payload = _asked_by(Actor.system(OWN), None, arguments, now, None)
        answer: Document = self._owners.reply_once(query, payload, timeout_s)["answer"]
        return answer

    def _payload(self, actor: Actor, call: Call, arguments: Any) -> Payload:
        """`received_at` is business time."""
        with self._work.sessionmaker() as session:
            lead = self._work.clock.now(session) - self._work.clock.real()
        received_at, traced = call.received_at + lead, call.request.headers.get("traceparent")
        return _asked_by(actor, call.id, arguments, received_at, traced)

    def _reply(
        self,
        command: Command,
        actor: Actor,
        payload: Payload,
        secret: NewSecret | None,
        body: bytes,
    ) -> tuple[list[Event], Any]:
        if command.service == OWN:
            reply = checked(self._own(command, payload, secret, body))
        else:
            reply = self._owners.reply(command, actor, payload)
        return [Event.from_json(event) for event in reply["events"]], reply["result"]

    def _own(
        self, command: Command, payload: Payload, secret: NewSecret | None, body: bytes
    ) -> Reply:
        work, handler = self._work, HANDLERS[command.name]
        if command in (party.IssueApiKeyCommand, party.InviteUserCommand):
            handler = partial(handler, secret=secret)
        elif command is webhook.RegisterWebhookCommand:
            handler = partial(handler, secret=secret, allow_private=self._allow_private)
        elif command is joining.AddDocumentCommand:
            handler = partial(handler, content=body)
        elif command is webhook.RotateSecretCommand:
            handler = partial(handler, secret=secret)
        elif command is party.AdvanceClockCommand:
            lead_s = work.clock.offset_s
            handler = partial(handler, allowed=self._demo_clock, offset_s=lead_s)
        return execute(command, handler, work, payload)


class Outcome:
    """What a command did: the events of its reply, and the result beside them.

    `mine`: the audiences of the caller to whom it is shown.
    """

    def __init__(
        self,
        command: Command,
        id: str | None,
        events: Sequence[Event],
        result: Any,
        *,
        mine: Sequence[str],
    ) -> None:
        self._command, self._result, self._mine = command, result, mine
        about = [event for event in events if event.aggregate == command.aggregate.name]
        subject = id or (about[0].subject if about else None)
        self.event = next((event for event in reversed(about) if event.subject == subject), None)

    @property
    def is_import(self) -> bool:
        return self._command.verb.startswith("import")

    def document(self) -> Document:
        """The caller's view of the resource as this command left it, the same on every repeat.

        Who may not see the resource learns its id, number and state; of an import, its results.
        """
        if self.is_import:
            results: Document = self._result
            return results
        extra = self._result if isinstance(self._result, dict) else {}
        return {**self._seen, **extra}

    def etag(self) -> str:
        """The entity tag of that view, as a GET would give it."""
        return rendering.etag(self._seen, rendering.to_text(self._seen))

    @cached_property
    def _seen(self) -> Document:
        if self.event is None:
            return {}
        seen = audiences.documents(self.event.aggregate, worded(self.event.data))
        fullest = next((seen[audience] for audience in self._mine if audience in seen), None)
        state = self.event.data
        minimal = {name: state[name] for name in ("id", "number", "state")}
        shown: Document = render(minimal if fullest is None else fullest)
        return shown


def _asked_by(
    actor: Actor, id: str | None, arguments: Any, received_at: datetime, traceparent: str | None
) -> Payload:
    return {
        "actor": actor.to_json(),
        "id": id,
        "arguments": arguments,
        "expected_version": None,
        "idempotency_key": None,
        "body_sha256": intake.digest(arguments),
        "received_at": received_at.isoformat(),
        "traceparent": traceparent,
    }


def _arguments(command: Command, call: Call) -> dict[str, Any]:
    if command.from_file:
        return files.arguments(command, call)
    return documents.arguments(call) if command.is_file else intake.arguments(call)


def _new_secret(command: Command) -> NewSecret | None:
    if command is party.IssueApiKeyCommand:
        return credentials.new_api_key()
    if command is party.InviteUserCommand:
        return credentials.new_invitation()
    if command in (webhook.RegisterWebhookCommand, webhook.RotateSecretCommand):
        return credentials.new_webhook_secret()
    return None


def _shown(result: Any, secret: NewSecret | None) -> Any:
    """The secret, if it is this very request that stored its digest; a repeat finds another's."""
    if secret is None:
        return result
    first: Mapping[str, Any] = result
    return {"secret": secret.secret if first["secret_sha256"] == secret.sha256 else None}
