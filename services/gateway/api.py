"""What each action of the route table does, for a caller who may have it done."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import select
from werkzeug.wrappers import Request, Response

from services.contracts.actor import Actor
from services.contracts.declare import Aggregate, Command, Query
from services.contracts.joining import document
from services.contracts.problems import Problem
from services.contracts.registry import EVENTS
from services.days import shanghai_date
from services.gateway import access
from services.gateway.access import Access
from services.gateway.calls import Calls
from services.gateway.commands import documents as kept
from services.gateway.desk import PRIVATE, Desk, answered
from services.gateway.edge import documents, exports, files, intake, steps
from services.gateway.edge.intake import Call, Parameters
from services.gateway.edge.openapi_parts import MEDIA
from services.gateway.edge.rates import PERSON
from services.gateway.edge.routes import API
from services.gateway.oidc.serving import Federation
from services.gateway.personal.serving import Personal
from services.gateway.readmodel import audiences, feed, moment, portfolio, reads, timeline
from services.gateway.readmodel.rendering import JSON, render, to_text
from services.gateway.readmodel.steps import thread
from services.gateway.readmodel.stream import Streams
from services.gateway.sessions.entrance import Entrance
from services.gateway.sessions.joining import Joining
from services.gateway.tables import ClockSetting
from services.messaging import Reader, Transactions

Serve = Callable[[Actor, Call], Response]


class Api:
    """One per process. Raises Problem; `Edge` turns that into an answer."""

    def __init__(
        self,
        work: Transactions,
        reader: Reader,
        known: Access,
        calls: Calls,
        streams: Streams,
        *,
        entrance: Entrance,
        federation: Federation,
    ) -> None:
        self._sessionmaker, self._clock, self._reader = work.sessionmaker, work.clock, reader
        self._access, self._calls, self._streams = known, calls, streams
        personal = Personal(work.sessionmaker, reader).actions
        self._actions: dict[str, Serve] = {
            name: _as_json(answer) for name, answer in personal.items()
        } | {
            "command": self._command,
            "query": self._query,
            "detail": self._detail,
            "feed": self._feed,
            "stream": self._stream,
            "timeline": self._timeline,
            "steps": lambda actor, call: answered(
                steps.page(self._reader, actor, call, self._now())
            ),
            "steps_summary": lambda actor, call: answered(
                to_text(steps.summary(self._reader, actor, call, self._now()))
            ),
            "content": self._content,
            "portfolio": self._portfolio,
            "portfolio_export": self._portfolio_export,
            "template": lambda actor, call: files.template(call, PRIVATE),
            "clock": self._clock_now,
            "session": entrance.show,
            "sign_out": self._ending(entrance.end),
            "oidc_connect": federation.connect,
            "oidc_disconnect": federation.disconnect,
            "password": self._ending(entrance.change_password),
            **Desk(work.clock, reader, calls).actions(),
            "metrics": lambda actor, call: Response(
                generate_latest(), content_type=CONTENT_TYPE_LATEST
            ),
        }
        self._entries = {
            "sign_in": entrance.sign_in,
            "activate": entrance.activate,
            "join": Joining(entrance).join,
            "oidc": federation.go,
            "oidc_callback": federation.back,
            "oidc_offer": federation.offer,
        }

    def serve(self, call: Call) -> Response:
        """Who asks, may they, then what they ask for."""
        if call.route.is_open:
            intake.check_accepts(call.request, JSON)
            return self._entries[call.route.action](call)
        actor = self._access.caller(call.request, by_session=call.route.by_session)
        call.request.environ[PERSON] = actor.user_id
        if call.route.scope is not None:
            access.require(actor, call.route.scope)
        if call.id is not None and not reads.is_uuid(call.id):
            raise Problem("not_found")
        intake.check_accepts(call.request, *MEDIA.get(call.route.action, (JSON,)))
        return self._actions[call.route.action](actor, call)

    def _ending(self, serve: Serve) -> Serve:
        """The session that was presented is over at once."""

        def ended(actor: Actor, call: Call) -> Response:
            response = serve(actor, call)
            self._access.forget(call.request)
            return response

        return ended

    def _command(self, actor: Actor, call: Call) -> Response:
        command = _target(call, Command)
        if not command.is_file:  # what one says of a file is beside it
            call.parameters()
        outcome = self._calls.carry_out(command, actor, call)
        response = answered(to_text(outcome.document()))
        if outcome.event is not None and not outcome.is_import:
            response.headers["ETag"] = outcome.etag()
            if command.verb == "create":
                response.status_code = 201
                location = f"{API}/{command.aggregate.path}/{outcome.event.subject}"
                response.headers["Location"] = location
        return response

    def _query(self, actor: Actor, call: Call) -> Response:
        return answered(to_text(self._calls.ask(_target(call, Query), actor, call)))

    def _detail(self, actor: Actor, call: Call) -> Response:
        aggregate = _target(call, Aggregate)
        call.parameters()
        seen = reads.one(self._reader, aggregate.name, call.id or "", audiences.mine(actor))
        response = answered(seen.text)
        response.headers["ETag"] = seen.etag
        return _unless_known(response, call.request)

    def _content(self, actor: Actor, call: Call) -> Response:
        """What is in a document, to whoever may see that there is one."""
        call.parameters()
        seen = reads.one(self._reader, document.name, call.id or "", audiences.mine(actor))
        shown = json.loads(seen.text)
        with self._sessionmaker() as session:
            found = kept.content(session, shown["party_id"], shown["sha256"])
        return documents.answer(shown, found)

    def _feed(self, actor: Actor, call: Call) -> Response:
        given = call.parameters("after", "limit", "types")
        after = given.count("after", 0, 0, feed.MAX_POSITION)
        limit = given.count("limit", feed.PAGE_ITEMS, 1, feed.MAX_PAGE_ITEMS)
        with self._sessionmaker() as session:
            mine = audiences.mine(actor)
            items, position = feed.page(session, mine, after, limit, _types(given))
        return answered(f'{{"items":[{",".join(item.text for item in items)}],"next":{position}}}')

    def _stream(self, actor: Actor, call: Call) -> Response:
        given = call.parameters("after", "types")
        types, after = _types(given), self._replay_from(call, given)
        call.request.environ["eventlet.minimum_write_chunk_size"] = 1  # each event at once
        events: Any = ()
        if call.request.method == "GET":
            events = self._streams.open(
                actor.user_id,
                audiences.mine(actor),
                after,
                types,
                lambda: self._access.still(call.request),
                has_gone=call.request.environ.get("sails.has_gone", lambda: False),
            )
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(
            events, headers=headers, content_type=MEDIA["stream"][0], direct_passthrough=True
        )

    def _replay_from(self, call: Call, given: Parameters) -> int:
        """Last-Event-ID, else `after`, else from now on."""
        last = call.request.headers.get("Last-Event-ID", "").strip()
        if last:
            if not (last.isascii() and last.isdigit() and len(last) <= 18):
                raise Problem("header_invalid", name="Last-Event-ID")
            return int(last)
        after = given.count("after", -1, 0, feed.MAX_POSITION)
        if after >= 0:
            return after
        with self._sessionmaker() as session:
            return feed.newest(session)

    def _timeline(self, actor: Actor, call: Call) -> Response:
        given = call.parameters("limit", "cursor")
        limit = given.count("limit", timeline.PAGE_ITEMS, 1, timeline.MAX_PAGE_ITEMS)
        cursor = given.text("cursor")
        if cursor is not None and not reads.is_uuid(cursor):
            raise given.refuse("cursor", "Not a valid cursor.")
        with self._sessionmaker() as session:
            entries, after = timeline.of_thread(
                session, call.id or "", audiences.mine(actor), limit, cursor
            )
        owed = thread.of_deal(self._reader, call.id or "", actor, self._now())
        told = to_text({"items": entries, "next": after})
        return answered(f'{told[:-1]},"steps":[{",".join(owed)}]}}')

    def _portfolio(self, actor: Actor, call: Call) -> Response:
        call.parameters()
        return answered(to_text(self._lent_by(actor)))

    def _portfolio_export(self, actor: Actor, call: Call) -> Response:
        today = shanghai_date(self._now())
        return exports.portfolio(call, call.parameters("lang"), self._lent_by(actor), today)

    def _lent_by(self, actor: Actor) -> dict[str, Any]:
        """Who is no bank lends nothing, and has none."""
        if audiences.BANK not in audiences.mine(actor):
            raise Problem("not_found")
        today = shanghai_date(self._now())
        shown: dict[str, Any] = render(portfolio.of_bank(self._reader, actor.party_id, today))
        return shown

    def _now(self) -> datetime:
        """Business time, by which deadlines are judged."""
        return moment.now(self._reader, self._clock)

    def _clock_now(self, actor: Actor, call: Call) -> Response:
        """Business time, by which deadlines are judged."""
        call.parameters()
        with self._sessionmaker() as session:
            now = self._clock.now(session)
            lead_s = round((now - self._clock.real()).total_seconds())
            sequence = session.scalar(select(ClockSetting.sequence)) or 0
        today = shanghai_date(now).isoformat()
        said = {"offset_s": lead_s, "now": now.isoformat(), "today": today, "sequence": sequence}
        return answered(to_text(said))


def _as_json(answer: Callable[[Actor, Call], str]) -> Serve:
    return lambda actor, call: answered(answer(actor, call))


def _target(call: Call, kind: type[Any]) -> Any:
    """What the route is about; the table gives each action its kind."""
    assert isinstance(call.route.target, kind)  # noqa: S101
    return call.route.target


def _unless_known(response: Response, request: Request) -> Response:
    """304 where the caller holds this version; If-Match is for changes, a GET makes none."""
    if "HTTP_IF_NONE_MATCH" not in request.environ:
        return response
    asked = {name: value for name, value in request.environ.items() if name != "HTTP_IF_MATCH"}
    return response.make_conditional(asked)


def _types(given: Parameters) -> Sequence[str] | None:
    """Names of facts, separated by commas."""
    text = given.text("types")
    names = text.split(",") if text else None
    for name in names or ():
        if name not in EVENTS or len(names or ()) > feed.MAX_TYPES:
            raise given.refuse("types", f"Not a list of at most {feed.MAX_TYPES} event types.")
    return names
