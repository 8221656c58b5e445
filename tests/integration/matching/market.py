"""A market to tell stories with: parties, supplies, demands, and an index that keeps up."""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select, update

from services.contracts.actor import Actor
from services.contracts.contract import contract
from services.contracts.demand import demand, quote
from services.contracts.envelope import Event
from services.contracts.party import party
from services.contracts.supply import (
    ActivateSupply,
    CreateSupply,
    DeclineMatch,
    EnterMatchCommand,
    ImportSuppliesCommand,
    ShowInterest,
    SubmitSupply,
)
from services.matching import copies
from services.matching.commands import (
    again,
    arrivals,
    capacity,
    deals,
    imports,
    matches,
    outcomes,
    proposals,
    supplies,
)
from services.matching.retrieval import SUPPLY_FACTS, Retrieval
from services.matching.tables import DemandCopy, Match, Reservation, Supply
from services.messaging import read_feed
from services.messaging.tables import OUTBOX
from tests.desk import START, Desk, Outcome, a_fact, an_actor

VERIFIED_UNTIL = "2027-12-31"
LATER = "2027-01-01T00:00:00+00:00"


class Market:
    """The handlers of matching at one database, told as a story."""

    def __init__(self, desk: Desk, retrieval: Retrieval) -> None:
        self.desk, self.retrieval = desk, retrieval
        self.operator = an_actor("operator.staff")

    def party(self, name: str, *, verified: bool = True, region: str | None = None) -> Actor:
        """A registered organisation, by one of its people."""
        owner = an_actor("supplier.owner")
        state = {
            "id": owner.party_id,
            "name": name,
            "region": region,
            "verified_until": VERIFIED_UNTIL if verified else None,
        }
        self.desk.project(copies.keep_parties, self.fact(party, "registered", state, 1))
        return owner

    def supply(self, supplier: Actor, title: str = "钛合金叶轮加工", **changes: Any) -> str:
        """An active supply; answers its id."""
        body = {"title": title, "text": "五轴联动数控加工", "kind": "product"} | changes
        id = self.desk.execute(CreateSupply, supplies.create, supplier, body).id
        self.desk.execute(SubmitSupply, supplies.submit, supplier, id=id)
        self.activate(id)
        return id

    def activate(self, id: str, **confirmed: Any) -> Outcome:
        """By the operator, who looked at it as it is now."""
        return self.desk.execute(
            ActivateSupply, supplies.activate, self.operator, confirmed, id=id,
            expected_version=self.get_supply(id).sequence,
        )  # fmt: skip

    def demand(self, buyer: Actor, title: str = "钛合金叶轮五轴加工", **changes: Any) -> dict:
        """The public state of a published demand, as orders would state it."""
        return {
            "id": self.desk.ids.new(),
            "number": "QF-D-2026-000001",
            "kind": "order",
            "method": "inquiry",
            "state": "published",
            "buyer_id": buyer.party_id,
            "buyer_name": "采购方",
            "title": title,
            "text": "需要五轴联动加工。",
            "category": None,
            "region": None,
            "budget_fen": None,
            "quote_deadline_at": (START + timedelta(days=7)).isoformat(),
            "delivery_due_date": None,
            "requirements": None,
            "version": 1,
        } | changes

    def publish(self, state: dict, past: str = "published", sequence: int = 2) -> list[Event]:
        """The demand opens (or opens again); the matches that follow from it."""
        self.follow()
        return self.opens(self.fact(demand, past, state, sequence))

    def moves_on(self, known: dict, past: str, sequence: int, **changes: Any) -> list[Event]:
        """A further fact of the demand, handled by both who follow it."""
        fact = self.fact(demand, past, known | changes, sequence)
        ended = self.desk.act(outcomes.follow_demand, fact)
        return ended + self.desk.act(capacity.follow_award, fact)

    def quote(self, match: dict, **changes: Any) -> dict:
        """The public state of a sealed quote that names the match, as orders would state it."""
        return {
            "id": self.desk.ids.new(),
            "state": "sealed",
            "demand_id": match["demand_id"],
            "supplier_id": match["supplier_id"],
            "match_id": match["id"],
            "opened_at": None,
        } | changes

    def quotes(self, known: dict, past: str, sequence: int, **changes: Any) -> list[Event]:
        """A fact of a quote; it leaves the quote in the state that has the fact's name."""
        stated = known | {"state": past} | changes
        return self.desk.act(outcomes.follow_quote, self.fact(quote, past, stated, sequence))

    def quoted(self, match: dict) -> dict:
        """A quote sealed and opened; its public state."""
        known = self.quote(match)
        self.quotes(known, "sealed", 1)
        known |= {"opened_at": LATER}
        self.quotes(known, "opened", 2)
        return known

    def enter(self, supplier: Actor, demand_id: str, supply_id: str) -> dict:
        """Enter from the order hall; the match's public state."""
        body = {"demand_id": demand_id, "supply_id": supply_id}
        return self.desk.execute(EnterMatchCommand, matches.create, supplier, body).data

    def show_interest(self, supplier: Actor, id: str) -> dict:
        return self.desk.execute(ShowInterest, matches.show_interest, supplier, id=id).data

    def decline(
        self, supplier: Actor, id: str, reason_code: str = "no_capacity", note: str | None = None
    ) -> dict:
        body = {"reason_code": reason_code, "note": note}
        return self.desk.execute(DeclineMatch, matches.decline, supplier, body, id=id).data

    def opens(self, fact: Event) -> list[Event]:
        """Hand on the fact of an open demand as the service does: first the index catches up."""
        self.retrieval.catch_up(self.desk.sessionmaker)
        bound = partial(proposals.propose, self.retrieval)
        bound.__qualname__ = "propose"  # type: ignore[attr-defined]
        return self.desk.act(bound, fact)

    def fact(self, aggregate: Any, past: str, state: dict, sequence: int) -> Event:
        """A fact of another service."""
        common = {
            "number": "QF-X-2026-000001",
            "state": "active",
            "sequence": sequence,
            "created_at": START.isoformat(),
            "updated_at": START.isoformat(),
        }
        return a_fact(aggregate.event(past), common | state, sequence=sequence)

    def completes(self, known: dict, quote_id: str, supplier: Actor, **changes: Any) -> list[Event]:
        """The contract of an awarded demand is completed, as orders would state it."""
        state = {
            "id": self.desk.ids.new(),
            "state": "completed",
            "demand_id": known["id"],
            "quote_id": quote_id,
            "buyer_id": known["buyer_id"],
            "buyer_name": known["buyer_name"],
            "supplier_id": supplier.party_id,
            "title": known["title"],
            "amount_fen": 81_500_000,
        } | changes
        return self.desk.act(deals.keep, self.fact(contract, "completed", state, 9))

    def imports(self, *rows: dict[str, Any]) -> list[Event]:
        """Supplies of a public source; the facts of those that are new."""
        given = ImportSuppliesCommand, imports.import_supplies, self.operator
        return self.desk.execute(*given, {"rows": list(rows)}).events

    def supply_facts(self) -> list[Event]:
        """All that was stated of supplies."""
        return [event for event in self.desk.events() if event.type in SUPPLY_FACTS]

    def hears(self, *facts: Event) -> dict[str, Any]:
        """Facts of supplies, one batch; when each demand is to be ranked again."""
        self.desk.project(arrivals.find_demands, *(facts or self.supply_facts()))
        due = self.desk.deadlines()
        return {id: at for (_, id, verb), at in due.items() if verb == again.RANK_AGAIN}

    def ranks_again(self, demand_id: str) -> list[Event]:
        """The timer's turn, once it is due; the matches that follow from it."""
        self.follow()
        bound = partial(proposals.propose_again, self.retrieval)
        return self.desk.meet(bound, demand.name, demand_id, again.RANK_AGAIN)

    def number(self) -> None:
        """What the relay does after a commit: give every fact its position."""
        with self.desk.session() as session, session.begin():
            last = session.scalar(select(func.max(OUTBOX.c.position))) or 0
            rows = session.scalars(
                select(OUTBOX.c.id).where(OUTBOX.c.position.is_(None)).order_by(OUTBOX.c.id)
            )
            for position, id in enumerate(rows.all(), start=last + 1):
                row = update(OUTBOX).where(OUTBOX.c.id == id)
                session.execute(row.values(position=position))

    def follow(self) -> None:
        """The index takes in all that was stated, as the tail would hand it over."""
        self.number()
        with self.desk.session() as session:
            while page := read_feed(session, self.retrieval.position, types=SUPPLY_FACTS):
                self.retrieval.follow(page)

    def matches(self, demand_id: str, state: str | None = None) -> list[Match]:
        """The matches of a demand, best first."""
        query = select(Match).where(Match.demand_id == demand_id)
        if state:
            query = query.where(Match.state == state)
        with self.desk.session() as session:
            return list(session.scalars(query.order_by(Match.rank.nulls_last())))

    def withheld(self, demand_id: str) -> list[dict]:
        """Whom its last ranking did not tell, best first, and why."""
        with self.desk.session() as session:
            return session.get_one(DemandCopy, demand_id).withheld or []

    def get_supply(self, id: str) -> Supply:
        with self.desk.session() as session:
            return session.get_one(Supply, id)

    def reservations(self, demand_id: str) -> dict[str, str]:
        """Supply id → state of the reservation."""
        query = select(Reservation).where(Reservation.demand_id == demand_id)
        with self.desk.session() as session:
            return {row.supply_id: row.state for row in session.scalars(query)}
