"""From the claim to the settled loan, and the tables that hold it."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.contracts.registry import AGGREGATES
from services.finance.tables import Base
from tests.integration.finance.deal import DUE, PAYABLE_FEN, Deal


def settle(deal: Deal) -> dict[str, object]:
    """Paid in full on the due date; the loan."""
    loan = deal.until_active()
    deal.wait_until(DUE)
    facts = deal.repay(loan["id"], PAYABLE_FEN)
    assert facts.types == [
        "loan.paid", "application.closed", "position.settled", "receivable.settled",
        "limit.changed", "limit.changed",
    ]  # fmt: skip
    return facts["loan.paid"]


def test_a_deal_from_claim_to_settled(deal: Deal) -> None:
    loan = settle(deal)
    assert loan["state"] == "paid"
    assert loan["principal_paid_fen"] == loan["principal_fen"] == 90_000_000
    assert loan["interest_paid_fen"] == 672_000  # 90,000,000 at 4.2 % over 64 of 360 days
    assert loan["surplus_fen"] == PAYABLE_FEN - 90_672_000


def test_the_end_leaves_no_loose_end(deal: Deal) -> None:
    settle(deal)
    assert deal.sql("SELECT DISTINCT state FROM receivables") == [("settled",)]
    assert deal.sql("SELECT DISTINCT state FROM positions") == [("settled",)]
    assert deal.sql("SELECT DISTINCT state FROM applications") == [("closed",)]
    assert set(deal.sql("SELECT state FROM offers")) == {("fulfilled",), ("lost",)}
    assert deal.number("SELECT sum(sealed_fen + reserved_fen + used_fen) FROM limits") == 0
    assert deal.number("SELECT count(*) FROM reservations") == 0


def test_the_ledger_sums_to_zero_and_its_clearing_accounts_are_empty(deal: Deal) -> None:
    settle(deal)
    assert deal.number("SELECT sum(amount_fen) FROM postings") == 0
    balances = dict(deal.sql("SELECT account, sum(amount_fen) FROM postings GROUP BY account"))
    assert balances == {
        "principal": 0, "surplus": 0, "fee_income": -10_000, "interest_income": -672_000,
        "surplus_income": -9_328_000, "bank_cash": 10_010_000,
    }  # fmt: skip


def test_every_fact_carries_the_thread_and_loads(deal: Deal) -> None:
    settle(deal)
    for event in deal.desk.events():
        alone = event.aggregate in {"product", "limit", "authorisation"}
        assert event.thread_id == (None if alone else deal.thread_id)
        event.load()
        assert set(event.data) == set(AGGREGATES[event.aggregate].schema.fields)


def test_sequences_count_from_one_without_a_gap(deal: Deal) -> None:
    settle(deal)
    by_subject: dict[str, list[int]] = {}
    for event in deal.desk.events():
        by_subject.setdefault(event.subject, []).append(event.sequence)
    for sequences in by_subject.values():
        assert sequences == list(range(1, len(sequences) + 1))


def test_the_migrations_make_exactly_the_tables(deal: Deal) -> None:
    with deal.desk.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
