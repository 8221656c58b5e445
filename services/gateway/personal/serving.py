"""Answers to a person about itself."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from services.contracts.actor import Actor
from services.contracts.personal import NAME
from services.contracts.registry import AGGREGATES
from services.gateway.edge import intake
from services.gateway.edge.intake import Call, Parameters
from services.gateway.personal import marks, preferences
from services.gateway.readmodel import feed, notices
from services.gateway.readmodel.rendering import to_text
from services.messaging import Reader, load_arguments

Serve = Callable[[Actor, Call], str]


class Personal:
    """`actions`: what each action of the route table answers, as JSON text."""

    def __init__(self, sessions: sessionmaker[Session], reader: Reader) -> None:
        self._sessions, self._reader = sessions, reader
        self.actions: Mapping[str, Serve] = {
            "notifications": self._notifications,
            "unread": self._unread,
            "mark_read": self._mark_read,
            "preferences": self._preferences,
            "prefer": self._prefer,
        }

    def _notifications(self, actor: Actor, call: Call) -> str:
        given = call.parameters("limit", "cursor", "unread", "without")
        limit = given.count("limit", notices.PAGE_ITEMS, 1, notices.MAX_PAGE_ITEMS)
        only_unread = given.text("unread", ("true", "false")) == "true"
        items, after = notices.page(
            self._reader, actor, _before(given), limit,
            unread=only_unread, without=_without(given),
        )  # fmt: skip
        return to_text({"items": items, "next": None if after is None else str(after)})

    def _unread(self, actor: Actor, call: Call) -> str:
        without = _without(call.parameters("without"))
        return to_text(asdict(notices.unread(self._reader, actor, without)))

    def _mark_read(self, actor: Actor, call: Call) -> str:
        given = _body(call)
        with self._sessions.begin() as session:
            return to_text({"position": marks.raise_to(session, actor.user_id, given["position"])})

    def _preferences(self, actor: Actor, call: Call) -> str:
        given = call.parameters("name")
        name = given.text("name")
        if name is not None and not NAME.fullmatch(name):
            raise given.refuse("name", "String does not match expected pattern.")
        with self._sessions() as session:
            return preferences.page(session, actor.user_id, name)

    def _prefer(self, actor: Actor, call: Call) -> str:
        given = _body(call)
        with self._sessions.begin() as session:
            return preferences.keep(session, actor.user_id, given["name"], given["value"])


def _body(call: Call) -> dict[str, Any]:
    assert call.route.body is not None  # noqa: S101  the table says what these take
    call.parameters()
    return load_arguments(call.route.body(), intake.arguments(call))


def _without(given: Parameters) -> list[str]:
    """Kinds of things, each known."""
    named = given.text("without")
    kinds = named.split(",") if named is not None else []
    if not set(kinds) <= set(AGGREGATES) or len(kinds) > len(AGGREGATES):
        raise given.refuse("without", f"Not a list of at most {len(AGGREGATES)} kinds.")
    return kinds


def _before(given: Parameters) -> int:
    """The position that `next` named, else past the end."""
    cursor = given.text("cursor")
    if cursor is None:
        return feed.MAX_POSITION
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise given.refuse("cursor", "Not a valid cursor.")
    return int(cursor)
