"""Facts from one transaction to the other side: outbox, relay, queue, handler, inbox."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from services.messaging.tables import INBOX, OUTBOX
from tests.desk import an_actor
from tests.integration.messaging.depot import CrateCopy, Note, Pack, Ship, pack, ship
from tests.waiting import eventually


def labels(depot, table=Note):
    with depot.session() as session:
        return sorted(session.scalars(select(table.label)))


def unnumbered(depot):
    with depot.session() as session:
        rows = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.position.is_(None))
        return session.scalar(rows)


def test_a_fact_is_acted_on_copied_and_numbered(run_depot, depot):
    run_depot()
    id = depot.execute(Pack, pack, an_actor(), {"label": "tea"}).id
    eventually(lambda: labels(depot) == ["tea"] and labels(depot, CrateCopy) == ["tea"])
    assert unnumbered(depot) == 0
    assert [event.subject for event in depot.events()] == [id]
