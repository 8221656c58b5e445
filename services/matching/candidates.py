"""Both sides of a match as plain values, from rows."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, Uuid, any_, bindparam, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from services.contracts import kinds
from services.matching import facts, proofs
from services.matching.facts import Shown
from services.matching.sides import Offered, Wanted
from services.matching.tables import DemandCopy, PartyCopy, Supply

_SIDE = (
    Supply.id,
    Supply.number,
    Supply.supplier_id,
    Supply.supplier_name,
    Supply.kind,
    Supply.state,
    Supply.origin,
    Supply.regions,
    type_coerce(Supply.qualifications, JSONB).label("qualifications"),  # read by hand: faster
    Supply.price_min_fen,
    Supply.capacity_free,
    Supply.lead_time_days,
    Supply.facets,
    Supply.evidence_until,
    PartyCopy.verified_until,
)
_TEXTS = (Supply.title, Supply.categories, Supply.text)


def offered(session: Session, supply_id: str, today: date) -> Offered:
    """The supply's side of a match, as its row is now."""
    return _offered(session.execute(_select().where(Supply.id == supply_id)).one(), today)


def shown(
    session: Session, supply_ids: Collection[str], today: date, *, on_offer: bool = False
) -> dict[str, Shown]:
    """These as their rows are now; nobody else's long texts are read.

    `on_offer`: only those that were not archived meanwhile, locked against it. An archiving that
    waits for these locks finds the new matches and withdraws them.
    """
    if not supply_ids:
        return {}
    query = _LOCK_ON_OFFER if on_offer else _SHOW
    rows = session.execute(query, {"ids": list(supply_ids)})
    return {row.id: _shown(row, today) for row in rows}


def _select(*texts: Any) -> Select[Any]:
    return select(*_SIDE, *texts).outerjoin(PartyCopy, PartyCopy.id == Supply.supplier_id)


# Made once: building a statement costs more than asking it. One array parameter, whatever the
# number of supplies: it is planned once, too.
_IDS = bindparam("ids", type_=ARRAY(Uuid(as_uuid=False)))
_SHOW = _select(*_TEXTS).where(Supply.id == any_(_IDS)).order_by(Supply.id)
_LOCK_ON_OFFER = _SHOW.where(Supply.state == "active").with_for_update(read=True, of=Supply)


def _offered(row: Row[Any], today: date) -> Offered:
    return Offered(
        id=row.id,
        number=facts.running(row.number),
        supplier_id=row.supplier_id,
        kind=row.kind,
        is_active=row.state == "active" and not proofs.are_over(row.evidence_until, today),
        verified_until=row.verified_until,
        regions=facts.served(row.origin, row.regions),
        qualifications=facts.holdings(row.qualifications),
        price_min_fen=row.price_min_fen,
        capacity_free=row.capacity_free,
        lead_time_days=row.lead_time_days,
        facets=kinds.offered(row.kind, row.facets),
    )


def _shown(row: Row[Any], today: date) -> Shown:
    texts = facts.told(row.title, row.categories, row.text)
    return Shown(_offered(row, today), row.supplier_name, row.title, texts)


def wanted(demand: DemandCopy) -> Wanted:
    """The demand's side of a match, from its newest known public state."""
    return facts.wanted(demand.data)


def wanted_until(demand: DemandCopy) -> datetime | None:
    """The instant at which quotes close; None when that is unknown."""
    return facts.wanted_until(demand.data)
