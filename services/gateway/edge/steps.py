"""Requests for steps: whose, and which of them."""

from datetime import datetime
from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.edge.intake import Call, Parameters
from services.gateway.readmodel import audiences
from services.gateway.readmodel.rendering import page_of
from services.gateway.readmodel.steps import reading
from services.gateway.readmodel.steps.declared import Step
from services.gateway.readmodel.steps.reading import Asked, Place
from services.gateway.readmodel.steps.table import BY_CODE, CODES, KIND_OF
from services.messaging import Reader

VIEWS = ("mine", "operator")
FOR = ("all", "me")
YES_NO = ("true", "false")
KINDS = tuple(sorted(set(KIND_OF.values())))
FILTERS = ("view", "for", "step", "kind", "overdue")


def page(reader: Reader, actor: Actor, call: Call, now: datetime) -> str:
    """The most urgent first, as JSON. `now` is business time. Raises Problem."""
    given = call.parameters(*FILTERS, "limit", "cursor")
    limit = given.count("limit", reading.PAGE_ITEMS, 1, reading.MAX_PAGE_ITEMS)
    after, wanted = _place(given), asked(actor, given, now)
    items, following = reading.page(reader, actor, wanted, limit, after)
    return page_of(items, following)


def summary(reader: Reader, actor: Actor, call: Call, now: datetime) -> dict[str, Any]:
    """How many there are. Raises Problem."""
    return reading.counts(reader, actor, asked(actor, call.parameters("view", "for"), now))


def asked(actor: Actor, given: Parameters, now: datetime) -> Asked:
    """Whose, and which of them. Raises Problem query_invalid, no_view."""
    view = given.text("view", VIEWS) or VIEWS[0]
    if view == "operator" and audiences.OPERATOR not in audiences.mine(actor):
        raise Problem("no_view", view=view)
    return Asked(view, _codes(actor, given), now, given.text("overdue", YES_NO) == "true")


def _codes(actor: Actor, given: Parameters) -> list[str]:
    """Of the steps that are asked for; with `for=me` those that are for the caller to see to."""
    step, kind = given.text("step", CODES), given.text("kind", KINDS)
    is_for_me = given.text("for", FOR) == "me"
    return [
        code
        for code in CODES
        if step in (None, code)
        and kind in (None, KIND_OF[code])
        and (not is_for_me or _is_for(actor, BY_CODE[code]))
    ]


def _is_for(actor: Actor, step: Step) -> bool:
    """What the key allows; what no key does, such as paying, all people of that role see to."""
    if step.command is None:
        return any(duty.partition(".")[0] == step.role for duty in actor.roles)
    return step.scope in actor.scopes


def _place(given: Parameters) -> Place | None:
    text = given.text("cursor")
    try:
        return None if text is None else Place.read(text)
    except ValueError:
        raise given.refuse("cursor", "Not a valid cursor.") from None
