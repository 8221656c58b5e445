"""The checker finds what is amiss: each case damages one row, looks, and mends it again."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest

from deploy.sails.check.report import examine
from deploy.sails.demo import financing
from tests.e2e.scene import Scene

# Where, the damage, how it is mended, and which statements must then be said not to hold.
DAMAGES = (
    ("finance", "UPDATE receivables SET allocated_fen = allocated_fen + 1 WHERE id = '{claim}'",
     "UPDATE receivables SET allocated_fen = allocated_fen - 1 WHERE id = '{claim}'",
     {"allocated_is_positions"}),
    ("orders", "UPDATE payables SET amount_fen = amount_fen + 1 WHERE thread_id = '{thread}'",
     "UPDATE payables SET amount_fen = amount_fen - 1 WHERE thread_id = '{thread}'",
     {"payables_sum"}),
    ("orders", "UPDATE demands SET state = 'fulfilled' WHERE id = '{thread}'",
     "UPDATE demands SET state = 'contracted' WHERE id = '{thread}'",
     {"demand_as_told", "fulfilled_when_completed", "demand_shown"}),
    ("gateway", "UPDATE resources SET sequence = sequence + 1 WHERE id = '{thread}'",
     "UPDATE resources SET sequence = sequence - 1 WHERE id = '{thread}'",
     {"demand_shown", "views_are_newest"}),
    ("finance", "UPDATE outbox SET envelope = jsonb_set(envelope, '{{sequence}}', '77')"
     " WHERE envelope->>'subject' = '{claim}' AND envelope->>'sequence' = '2'",
     "UPDATE outbox SET envelope = jsonb_set(envelope, '{{sequence}}', '2')"
     " WHERE envelope->>'subject' = '{claim}' AND envelope->>'sequence' = '77'",
     {"sequences_without_gap", "receivable_as_told"}),
    ("finance", "UPDATE idempotency SET reply = NULL, key = key || reply::text WHERE"
     " reply->'events'->0->>'subject' = '{claim}'"
     " AND reply->'events'->0->>'type' = 'receivable.entered.v1'",
     "UPDATE idempotency SET reply = substr(key, strpos(key, '{{'))::jsonb,"
     " key = substr(key, 1, strpos(key, '{{') - 1) WHERE reply IS NULL",
     {"answers_kept"}),
)  # fmt: skip


@pytest.mark.timeout(300)
def test_every_damage_is_found(scene: Scene) -> None:
    deal = scene.carried_to(financing.apply, number=3)
    names = {"claim": deal.found["receivable"]["id"], "thread": deal.thread_id}
    assert scene.report().violations == []
    for service, damage, mend, expected in DAMAGES:
        with _damaged(scene, service, damage, mend, names):
            report = examine(scene.platform.world.environment, deal.thread_id)
            assert {found.check for found in report.violations} == expected
    assert scene.report().violations == []


@pytest.mark.timeout(300)
def test_an_open_thread_is_said_to_be_open(scene: Scene) -> None:
    deal = scene.carried_to(financing.apply, number=4)
    report = scene.report(deal.thread_id)
    assert report.thread == "open"
    assert any(line.startswith("QF-R-") for line in report.left)
    assert scene.report("01900000-0000-7000-8000-000000000000").thread == "unknown"


@contextmanager
def _damaged(
    scene: Scene, service: str, damage: str, mend: str, names: dict[str, str]
) -> Iterator[None]:
    """Behind the service's back, and as it was again at the end."""
    url = scene.platform.world.database_url(service).replace("+psycopg2", "")
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(damage.format(**names))
        assert cursor.rowcount == 1
        try:
            yield
        finally:
            cursor.execute(mend.format(**names))
            connection.close()
