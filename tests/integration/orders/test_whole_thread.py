"""From a draft to the fulfilled demand, and the tables that hold it."""

from collections.abc import Callable

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.contracts.registry import AGGREGATES
from services.messaging.tables import ALL as MESSAGING_TABLES
from services.orders.tables import Base
from tests.desk import Desk
from tests.integration.orders.trade import PRICE_FEN, Trade


def test_a_trade_from_draft_to_fulfilled(trade: Trade) -> None:
    facts = trade.until_active()
    assert facts.types == [
        "contract.signed_by_party", "contract.signed", "demand.contracted", "quote.accepted",
        "quote.rejected", "payable.scheduled", "payable.scheduled", "payable.running",
    ]  # fmt: skip
    delivery_id, _ = trade.arrive()
    trade.do("accept_delivery", trade.buyer, {}, id=delivery_id)
    advance, acceptance = trade.payables()
    assert (advance["amount_fen"], acceptance["amount_fen"]) == (3_703_703, 8_641_975)
    assert (advance["due_date"], acceptance["due_date"]) == ("2026-03-09", "2026-04-03")
    trade.pay(advance["id"], advance["amount_fen"], "2026-03-04", "HX-1")
    last = trade.pay(acceptance["id"], acceptance["amount_fen"], "2026-03-04", "HX-2")
    assert last.types == ["payable.paid", "contract.completed", "demand.fulfilled"]


def test_every_fact_carries_the_thread_and_loads(trade: Trade) -> None:
    trade.until_active()
    events = trade.desk.events()
    assert {event.thread_id for event in events} == {trade.demand_id}
    for event in events:
        assert event.load()["thread_id"] == trade.demand_id
        assert set(event.data) == set(AGGREGATES[event.aggregate].schema.fields)


def test_sequences_count_from_one_without_a_gap(trade: Trade) -> None:
    trade.until_active()
    by_subject: dict[str, list[int]] = {}
    for event in trade.desk.events():
        by_subject.setdefault(event.subject, []).append(event.sequence)
    assert all(sequences == list(range(1, len(sequences) + 1)) for sequences in by_subject.values())


def test_the_migrations_make_exactly_the_tables(desk: Callable[[str], Desk]) -> None:
    shared = {table.name for table in MESSAGING_TABLES}
    with desk("orders").engine.connect() as connection:
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "table" or name not in shared,
            "include_object": lambda table, name, kind, *_: kind != "table" or name not in shared,
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_the_contract_is_worth_the_quote(trade: Trade) -> None:
    trade.until_contracting()
    assert trade.contract()["amount_fen"] == PRICE_FEN
