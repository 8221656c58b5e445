"""How often the database is asked: a count, which no machine is too busy for.

Each is one round trip. BEGIN and COMMIT come on top, once per transaction; the relay has neither.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, Text, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.messaging import CopyRow, keeper
from services.messaging.relay import Relay
from services.messaging.session_lock import LockSession
from tests.desk import an_actor
from tests.integration.messaging.depot import Crate, Pack, Ship, crate, note, pack, ship

FACTS_AND_CALL = "INSERT INTO outbox … NOTIFY relay"
AND_REPLY = f"{FACTS_AND_CALL} … UPDATE idempotency SET"


class Base(DeclarativeBase):
    pass


class Kept(CopyRow, Base):
    __tablename__ = "kept_crates"
    AGGREGATE = crate

    label: Mapped[str] = mapped_column(Text)


@pytest.fixture
def asked(depot) -> Iterator[list[str]]:
    """What was asked since the test last cleared it; of several statements at once all heads."""
    heard: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def hear(connection, cursor, statement, parameters, context, executemany):
        parts = (" ".join(part.split()[:3]) for part in statement.split(";"))
        heard.append(" … ".join(part.partition("(")[0] for part in parts))

    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


def test_a_command_asks_for_its_key_its_own_rows_and_its_end(depot, asked):
    """The number of what it makes comes with the key."""
    ann = an_actor()
    id = depot.execute(Pack, pack, ann, {"label": "tea"}, key="first").id
    assert asked == ["INSERT INTO idempotency", "INSERT INTO crates", AND_REPLY]
    asked.clear()
    depot.execute(Ship, ship, ann, id=id, key="second")
    own = ["SELECT crates.owner_id, crates.label,", "UPDATE crates SET", "INSERT INTO deadlines"]
    assert asked == ["INSERT INTO idempotency", *own, AND_REPLY]


def test_a_command_without_a_key_keeps_no_reply(depot, asked):
    depot.execute(Pack, pack, an_actor(), {"label": "tea"})
    assert asked[-1] == FACTS_AND_CALL
    assert len(asked) == 3


def test_acting_on_a_fact_asks_once_before_its_own_work(depot, asked):
    fact = depot.execute(Pack, pack, an_actor(), {"label": "tea"}).events[0]
    asked.clear()
    depot.transactions.act(note, "note", [fact])
    assert asked == ["INSERT INTO inbox", "INSERT INTO notes"]
    asked.clear()
    depot.transactions.act(note, "note", [fact])
    assert asked == ["INSERT INTO inbox"]


def test_many_new_ones_ask_once_for_their_numbers_and_once_for_their_rows(depot, asked):
    """What is stated of them is what is written, as if each had been made and moved alone."""
    owner = an_actor().party_id
    rows = [{"owner_id": owner, "label": f"tea {n}"} for n in range(20)]

    def receive(tx, fact):
        tx.bring_in(Crate, "ship", "shipped", rows)

    fact = depot.execute(Pack, pack, an_actor(), {"label": "tea"}).events[0]
    asked.clear()
    depot.transactions.act(receive, "receive", [fact])
    assert asked == ["INSERT INTO inbox", "SELECT nextval", "INSERT INTO crates", FACTS_AND_CALL]
    stated = {event.subject: event for event in depot.events()[1:]}
    with depot.session() as session:
        crates = session.query(Crate).where(Crate.owner_id == owner).all()
    assert {one.id for one in crates} == set(stated)
    assert len({one.number for one in crates}) == len(rows)
    for one in crates:
        assert stated[one.id].data == Crate.AGGREGATE.schema.dump(one)
        assert (one.state, one.sequence, stated[one.id].past) == ("shipped", 1, "shipped")


def test_a_projected_batch_asks_once_however_many_facts_it_has(depot, asked):
    Base.metadata.create_all(depot.engine)
    ann = an_actor()
    facts = [depot.execute(Pack, pack, ann, {"label": f"tea {n}"}).events[0] for n in range(50)]
    asked.clear()
    depot.project(keeper(Kept), *facts)
    assert asked == ["INSERT INTO kept_crates"]
    with depot.session() as session:
        assert session.query(Kept).count() == 50


def test_the_relay_asks_once_for_a_window_and_once_to_number_it(depot, depot_url, asked):
    for n in range(5):
        depot.execute(Pack, pack, an_actor(), {"label": f"tea {n}"})
    relay = Relay()
    published = []
    relay._outbox = Taking(published)
    with LockSession(depot_url) as session:
        asked.clear()
        assert relay._move(session.connection) == 5
        assert asked == ["SELECT outbox.id, outbox.envelope", "WITH batch AS"]
        assert [row.head["type"] for row in published] == ["crate.packed.v1"] * 5
        assert relay._move(session.connection) == 0


class Taking:
    """A broker that takes everything."""

    def __init__(self, published: list) -> None:
        self.published = published

    def publish(self, facts) -> bool:
        self.published += facts
        return True
