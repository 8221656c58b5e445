"""What orders keeps of parties, people and matches: the newest fact counts, in any order."""

from services.contracts.party import party
from services.orders import copies
from services.orders.tables import PartyCopy
from tests.desk import heard
from tests.integration.orders.trade import Trade


def known_name(trade: Trade) -> str:
    with trade.desk.session() as session:
        found = session.get(PartyCopy, trade.buyer.id)
        assert found is not None
        return found.name


def test_a_fact_that_was_overtaken_changes_nothing(trade: Trade) -> None:
    trade.knows(trade.buyer, name="新名", sequence=3)
    trade.knows(trade.buyer, name="旧名", sequence=2)
    assert known_name(trade) == "新名"


def test_of_several_facts_in_one_batch_the_newest_counts(trade: Trade) -> None:
    facts = [
        heard(party.event("verified"), id=trade.buyer.id, name=f"第{sequence}名", sequence=sequence)
        for sequence in (5, 7, 6)
    ]
    trade.desk.project(copies.keep_parties, *facts)
    assert known_name(trade) == "第7名"
