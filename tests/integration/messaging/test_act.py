"""Handlers that act: once in effect per fact, many facts in one transaction, all or none."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from services.messaging import Transaction
from tests.desk import Desk, an_actor
from tests.integration.messaging.depot import Crate, Pack, pack

TRACES = [f"00-{digit * 32}-{'1' * 16}-01" for digit in "ab"]


@pytest.fixture
def packed(depot: Desk):
    """Two facts, each of a trace of its own."""
    ann = an_actor()
    events = [depot.execute(Pack, pack, ann, {"label": label}).events[0] for label in "ab"]
    return [replace(event, traceparent=trace) for event, trace in zip(events, TRACES, strict=True)]


def relabel(tx: Transaction, event) -> None:
    crate = tx.load(Crate, event.subject)
    crate.label += "+"
    tx.record(crate, "packed")


def labels(depot: Desk, events) -> list[str]:
    with depot.session() as session:
        return [session.get(Crate, event.subject).label for event in events]


def test_each_fact_takes_effect_once_however_often_it_waits(depot, packed):
    first, second = packed
    assert depot.transactions.act(relabel, "porter", [first, second, first]) == 1
    assert depot.transactions.act(relabel, "porter", [second, first]) == 2
    assert labels(depot, packed) == ["a+", "b+"]
    told = depot.events()[2:]
    assert [(one.subject, one.traceparent) for one in told] == [
        (first.subject, TRACES[0]), (second.subject, TRACES[1]),
    ]  # fmt: skip


def test_facts_of_one_thing_build_on_each_other(depot, packed):
    first, _ = packed
    again = replace(first, id=depot.ids.new())
    depot.transactions.act(relabel, "porter", [first, again])
    assert labels(depot, packed) == ["a++", "b"]
    assert [event.sequence for event in depot.events()[2:]] == [2, 3]


def test_when_one_fails_none_has_taken_effect(depot, packed):
    first, second = packed

    def stumble(tx: Transaction, event) -> None:
        relabel(tx, event)
        if event is second:
            raise RuntimeError("stumbled")

    with pytest.raises(RuntimeError):
        depot.transactions.act(stumble, "porter", packed)
    assert labels(depot, packed) == ["a", "b"]
    assert len(depot.events()) == len(packed)
    assert depot.transactions.act(relabel, "porter", [first]) == 0


def test_each_fact_is_judged_by_what_the_tables_say_then(depot, packed):
    """Also where an earlier one of its transaction left a row in memory, and wrote past it."""
    first, _ = packed
    again = replace(first, id=depot.ids.new())
    held = []

    def write_past(tx: Transaction, event) -> None:
        held.append(tx.load(Crate, event.subject, lock=False))
        tx.session.execute(text("UPDATE crates SET label = label || '+'"))

    depot.transactions.act(write_past, "porter", [first, again])
    assert [crate.label for crate in held] == ["a", "a+"]


def test_things_are_taken_in_one_order_for_all(depot, packed):
    """Projections lock them by their ids: in another order the two would wait in a circle."""
    first, second = sorted(packed, key=lambda event: event.subject)
    again = replace(first, id=depot.ids.new())
    taken = []

    def take(tx: Transaction, event) -> None:
        relabel(tx, event)
        taken.append(event.id)

    depot.transactions.act(take, "porter", [second, first, again])
    assert taken == [first.id, again.id, second.id]
