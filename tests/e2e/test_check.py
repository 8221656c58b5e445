"""The checker finds what is amiss: each case damages one row, looks, and mends it again."""

import amqp
import pytest

from deploy.sails.check import across
from deploy.sails.check.messaging import TABLE_OF
from deploy.sails.check.report import STATEMENTS, Report, examine
from deploy.sails.check.schema import GUARANTEES
from deploy.sails.database import SERVICES
from deploy.sails.demo import financing, settling
from deploy.sails.demo.carry import carry
from deploy.sails.importing import MEDIA
from deploy.sails.waiting import until
from services.contracts.registry import AGGREGATES
from services.messaging.broker import connect
from tests.e2e.breaking import damaged, renamed, stopped, working
from tests.e2e.damages import DAMAGES, Damage
from tests.e2e.scene import Scene

AS_TOLD = tuple(
    Damage(f"{name}_as_told", aggregate.service, TABLE_OF[name],
           f"id = (SELECT min(id::text)::uuid FROM {TABLE_OF[name]} WHERE sequence > 0)",
           {"sequence": "sequence + 1"}, frozenset({f"{name}_shown"}))
    for name, aggregate in AGGREGATES.items()
)  # fmt: skip
SHOWN = tuple(
    Damage(check.name, "gateway", "resources",
           f"kind = '{name}' AND id = (SELECT min(id::text)::uuid FROM resources"
           f" WHERE kind = '{name}')", {"state": "'nowhere'"})
    for name, check in across.SHOWN.items()
)  # fmt: skip
QUEUES = {"no_messages_waiting": "orders.retry.8s", "no_dead_letters": "orders.dead"}


@pytest.fixture(scope="module")
def names(scene: Scene) -> dict[str, str]:
    """Of a deal that is settled and of one whose loan runs, with everything at rest."""
    settled = carry(scene.deal(3))
    running = scene.carried_to(settling.repay, number=4)
    supplier = scene.company.bidder(next(iter(scene.company.suppliers)))["supplier.owner"].client
    sheet = '{"item_code":"K-1","title":"叶轮"}'.encode()
    path = f"/imports/{supplier.upload('/imports', sheet, MEDIA['.jsonl'])['id']}"
    until("the import", lambda: supplier.get(path)["state"] == "finished")
    licence = "/documents?name=licence.pdf&purpose=business_licence"
    supplier.upload(licence, b"%PDF-1.7\n", "application/pdf")
    assert scene.report().violations == []
    return {
        "settled": settled,
        "thread": running.thread_id,
        "claim": running.receivable["id"],
        "loan": running.loan["id"],
    }


def test_every_statement_is_damaged_or_guaranteed_by_the_schema() -> None:
    damaged = {damage.statement for damage in (*DAMAGES, *AS_TOLD, *SHOWN)}
    damaged |= QUEUES.keys() | {"feed_numbered"}
    guaranteed = {guarantee.name for guarantee in GUARANTEES}
    assert damaged | guaranteed == {statement.name for statement in STATEMENTS}
    assert damaged & guaranteed == set()


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "damage", [*DAMAGES, *AS_TOLD, *SHOWN], ids=lambda damage: f"{damage.statement}-{damage.table}"
)
def test_damage_is_found(scene: Scene, names: dict[str, str], damage: Damage) -> None:
    with damaged(scene, damage, names):
        assert _found(scene) == {damage.statement, *damage.also}


@pytest.mark.parametrize("service", SERVICES)
def test_a_guard_that_the_schema_lost_is_found(
    scene: Scene, names: dict[str, str], service: str
) -> None:
    own = [guarantee for guarantee in GUARANTEES if guarantee.service == service]
    with renamed(scene, service, [guard for one in own for guard in one.guards]):
        assert _found(scene) == {guarantee.name for guarantee in own}


@pytest.mark.parametrize("statement", QUEUES)
def test_a_message_that_lies_in_a_queue_is_found(
    scene: Scene, names: dict[str, str], statement: str
) -> None:
    queue = QUEUES[statement]
    with connect(scene.platform.world.environment["AMQP_URI"], heartbeat_s=0) as connection:
        channel = connection.channel()
        channel.basic_publish(amqp.Message(b"nobody's"), "", queue)
        try:
            assert _found(scene) == {statement}
        finally:
            channel.queue_purge(queue)


def test_what_still_waits_for_its_place_in_the_feed_is_found(
    scene: Scene, names: dict[str, str]
) -> None:
    told = (
        "event_id, audience, type, kind, resource_id, sequence, thread_id, occurred_at,"
        " business_date, actor_party, actor_name"
    )
    with (
        stopped(scene.platform.processes["gateway-worker"]),
        working(scene, "gateway") as asked,
    ):
        asked.execute(
            f"INSERT INTO feed_waiting ({told}) SELECT {told} FROM feed ORDER BY position LIMIT 1"
        )
        try:
            assert _found(scene) == {"feed_numbered"}
        finally:
            asked.execute("DELETE FROM feed_waiting")


@pytest.mark.timeout(300)
def test_a_thread_is_settled_only_with_its_loan_repaid(scene: Scene, names: dict[str, str]) -> None:
    settled = scene.report(names["settled"])
    assert (settled.thread, settled.left, settled.paid_loans) == ("settled", [], 1)
    running = scene.report(names["thread"])
    assert (running.thread, running.paid_loans) == ("open", 0)
    assert any(line.startswith("QF-B-") for line in running.left)

    gone = Damage("", "finance", "loans", "thread_id = '{settled}'", {"thread_id": "NULL"})
    unpaid = Damage("", "finance", "loans", "thread_id = '{settled}'", {"state": "'active'"})
    with damaged(scene, gone, names):
        assert _look(scene, names["settled"]).paid_loans == 0
    with damaged(scene, unpaid, names):
        report = _look(scene, names["settled"])
        assert (report.thread, report.paid_loans) == ("open", 0)
        assert any("without a repaid loan" in line for line in report.left)


@pytest.mark.timeout(300)
def test_an_open_thread_is_said_to_be_open(scene: Scene) -> None:
    deal = scene.carried_to(financing.apply, number=5)
    report = scene.report(deal.thread_id)
    assert report.thread == "open"
    assert any(line.startswith("QF-R-") for line in report.left)
    assert scene.report("01900000-0000-7000-8000-000000000000").thread == "unknown"


def _look(scene: Scene, thread_id: str | None = None) -> Report:
    """Once, however it looks: what is damaged does not mend itself."""
    return examine(scene.platform.world.environment, thread_id)


def _found(scene: Scene) -> set[str]:
    return {violation.check for violation in _look(scene).violations}
