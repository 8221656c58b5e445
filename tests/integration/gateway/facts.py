"""Facts of other services, as the broker would bring them."""

from typing import Any

from services.contracts.envelope import Event
from services.contracts.registry import AGGREGATES
from services.messaging import Ids
from tests.unit.gateway.states import MOMENT, a_state


def a_fact(
    kind: str,
    past: str,
    /,
    *,
    id: str,
    sequence: int = 1,
    actor: str | None = None,
    actor_user: str = "someone",
    occurred_at: str = MOMENT,
    **changes: Any,
) -> Event:
    """`demand.published.v1` of the demand `id`, with a whole state, then `changes`."""
    state = a_state(kind, id=id, sequence=sequence, **changes)
    return Event(
        id=Ids().new(),
        type=AGGREGATES[kind].event(past).name,
        subject=id,
        sequence=sequence,
        occurred_at=occurred_at,
        business_date="2026-03-02",
        actor_party=actor or Ids().new(),
        actor_user=actor_user,
        thread_id=state.get("thread_id"),
        traceparent=None,
        data=state,
    )


def a_demand(
    buyer_id: str, *, id: str | None = None, past: str = "published", **changes: Any
) -> Event:
    """A demand in the order hall, without a winner."""
    id = id or Ids().new()
    given = {
        "state": "published",
        "thread_id": id,
        "awarded_supplier_id": None,
        "actor": buyer_id,
    } | changes
    return a_fact("demand", past, id=id, buyer_id=buyer_id, **given)
