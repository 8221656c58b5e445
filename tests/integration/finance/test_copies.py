"""What other services say, repeated and out of order, ends in the newest state."""

import pytest

from services.contracts.contract import payable
from services.contracts.envelope import Event
from services.contracts.party import party
from services.contracts.registry import AGGREGATES, events_of
from services.finance import copies
from tests.desk import heard
from tests.integration.finance.deal import Deal

KEEPERS = {
    "party": copies.keep_parties,
    "user": copies.keep_users,
    "mandate": copies.keep_mandates,
    "contract": copies.keep_contracts,
    "payable": copies.keep_payables,
}


def test_an_older_fact_never_replaces_a_newer(deal: Deal) -> None:
    def paid(sequence: int, fen: int) -> Event:
        fact = heard(payable.event("part_paid"), id=deal.payable_id, paid_fen=fen)
        return Event(**{**fact.to_json(), "sequence": sequence})

    for sequence, fen in ((3, 300), (2, 200), (3, 999), (4, 400)):
        deal.desk.project(copies.keep_payables, paid(sequence, fen))
    [(kept,)] = deal.sql(f"SELECT paid_fen FROM payable_copies WHERE id = '{deal.payable_id}'")
    assert kept == 400


def test_a_batch_with_one_party_twice_keeps_the_newest(deal: Deal) -> None:
    new = heard(party.event("verified"), name="新名", sequence=2)
    old = heard(party.event("registered"), id=new.subject, name="旧名", sequence=1)
    other = heard(party.event("registered"), name="他人")
    deal.desk.project(copies.keep_parties, new, old, other)
    names = deal.sql(f"SELECT name FROM party_copies WHERE id = '{new.subject}'")
    assert names == [("新名",)]


@pytest.mark.parametrize("name", sorted(KEEPERS))
def test_every_fact_of_what_is_copied_can_be_kept(deal: Deal, name: str) -> None:
    aggregate = AGGREGATES[name]
    for nth, past in enumerate(aggregate.past):
        deal.desk.project(KEEPERS[name], heard(aggregate.event(past), sequence=nth + 1))
    kept = deal.number(f"SELECT count(*) FROM {name}_copies")
    assert kept >= len(events_of(aggregate))
