"""Award → capacity: matching's half of the saga. Orders hears `supply.reserved` or `supply.short`.

Every fact of a demand leads to the same question: what does its newest known state ask of the
capacity? So repeated facts and facts out of order end in the same place.
"""

from sqlalchemy import select

from services.contracts.envelope import Event
from services.matching import copies
from services.matching.lifecycle import RESERVATION
from services.matching.tables import DemandCopy, Match, Reservation, Supply
from services.messaging import Transaction

UNITS_PER_AWARD = 1  # a demand is awarded as a whole; capacity is declared in orders of that size
AWARDED = frozenset({"awarded", "contracting", "contracted"})
HELD = frozenset({"reserved", "used"})


def follow_award(tx: Transaction, event: Event) -> None:
    """Reserve on award, use at signing, free again when it ends either way.

    Each award is answered once: it is the awarded quote that orders waits for.
    """
    demand = copies.note_demand(tx, event)
    awarded = _awarded_supply_id(tx, demand) if demand.state in AWARDED else None
    quote_id = demand.data.get("awarded_quote_id")
    for reservation in _reservations(tx, demand.id):
        if (reservation.supply_id, reservation.quote_id) != (awarded, quote_id):
            _end(tx, reservation)
    if awarded is not None:
        reservation = _reservation(tx, demand.id, awarded)
        reservation.quote_id = quote_id
        hold(tx, reservation, signed=demand.state == "contracted")


def hold(tx: Transaction, reservation: Reservation, *, signed: bool) -> None:
    """Reserved from the award on, used from the signing on; short where nothing is free."""
    supply = tx.load(Supply, reservation.supply_id)
    if reservation.state not in HELD:
        _reserve(tx, reservation, supply)
    if signed and reservation.state == "reserved":
        reservation.state = RESERVATION.next(reservation.state, "use")
        _shift(supply, reserved=-reservation.units, used=reservation.units)
        _record(tx, supply, reservation, "used")


def release(tx: Transaction, reservation: Reservation) -> None:
    """What was reserved or used is free again."""
    supply = tx.load(Supply, reservation.supply_id)
    held = f"{reservation.state}"
    reservation.state = RESERVATION.next(reservation.state, "release")
    _shift(supply, **{held: -reservation.units})
    _record(tx, supply, reservation, "released")


def _end(tx: Transaction, reservation: Reservation) -> None:
    """It is of an award that is no more."""
    if reservation.state in HELD:
        release(tx, reservation)
    elif reservation.state == "short":
        reservation.state = RESERVATION.next(reservation.state, "forget")


def _reserve(tx: Transaction, reservation: Reservation, supply: Supply) -> None:
    units = 0 if supply.capacity_declared is None else UNITS_PER_AWARD
    enough = supply.state == "active" and units <= (supply.capacity_free or 0)
    if enough:
        reservation.state = RESERVATION.next(reservation.state, "reserve")
        reservation.units = units
        _shift(supply, reserved=units)
        _record(tx, supply, reservation, "reserved")
    elif reservation.state != "short":  # said once for this award
        reservation.state = RESERVATION.next(reservation.state, "refuse")
        _record(tx, supply, reservation, "short")


def _shift(supply: Supply, *, reserved: int = 0, used: int = 0) -> None:
    """Free + reserved + used stays what was declared; the table checks it."""
    supply.capacity_reserved += reserved
    supply.capacity_used += used
    if supply.capacity_free is not None:
        supply.capacity_free -= reserved + used


def _record(tx: Transaction, supply: Supply, reservation: Reservation, past: str) -> None:
    supply.reserved_for_demand_id = reservation.demand_id
    tx.record(supply, past)
    supply.reserved_for_demand_id = None


def _awarded_supply_id(tx: Transaction, demand: DemandCopy) -> str | None:
    """The supply that the award names; else the one it holds already, else that of the winner's
    match, else its newest one.
    """
    supplier_id = demand.data.get("awarded_supplier_id")
    named = demand.data.get("awarded_supply_id")
    own = select(Supply.id).where(Supply.supplier_id == supplier_id)
    held = (
        select(Reservation.supply_id)
        .where(Reservation.demand_id == demand.id, Reservation.state.in_(HELD))
        .where(Reservation.quote_id.is_not_distinct_from(demand.data.get("awarded_quote_id")))
        .where(Reservation.supply_id.in_(own))
    )
    matched = (
        select(Match.supply_id)
        .where(Match.demand_id == demand.id, Match.supplier_id == supplier_id)
        .order_by(Match.rank.nulls_last(), Match.id)
    )
    newest = own.where(Supply.state == "active").order_by(Supply.id.desc())
    for query in (own.where(Supply.id == named), held, matched, newest):
        if found := tx.session.scalars(query.limit(1)).first():
            return str(found)
    return None


def _reservations(tx: Transaction, demand_id: str) -> list[Reservation]:
    query = select(Reservation).where(Reservation.demand_id == demand_id)
    return list(tx.session.scalars(query.order_by(Reservation.supply_id)))


def _reservation(tx: Transaction, demand_id: str, supply_id: str) -> Reservation:
    """The reservation of this pair, made when it is the first; the demand's lock guards it."""
    found = tx.session.get(Reservation, (demand_id, supply_id))
    if found is None:
        found = Reservation(
            demand_id=demand_id, supply_id=supply_id, state=RESERVATION.initial, units=0
        )
        tx.session.add(found)
    return found
