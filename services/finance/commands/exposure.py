"""What offers take of a bank's limits: sealed, then reserved, then used, then free again.

No limit is changed without its row's lock, and its CHECK refuses what the lock should have.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, or_, select

from services.finance import risk
from services.finance.commands.locking import locked
from services.finance.lifecycle import GRANTED_LIMITS
from services.finance.tables.limits import Limit, Reservation
from services.finance.tables.offers import Offer
from services.finance.tables.products import Product
from services.messaging import Transaction


def approved(
    tx: Transaction, products: Collection[Product], request: risk.Request
) -> Sequence[Limit]:
    """The limits that apply under any of the products, without a lock: to estimate by."""
    return tx.session.scalars(select(Limit).where(*_applying(products, request))).all()


def lock(tx: Transaction, offers: Sequence[Offer], request: risk.Request) -> None:
    """Lock the limits of several banks at once, where they are changed one after the other."""
    products = [tx.session.get_one(Product, offer.product_id) for offer in offers]
    locked(tx, Limit, *_applying(products, request))


def reserve(tx: Transaction, offer: Offer, request: risk.Request, stage: str) -> str | None:
    """Take the offer's amount of every limit that applies.

    None when done; else the code of the limit without room for it, and nothing is taken.
    """
    product = tx.session.get_one(Product, offer.product_id)
    limits = locked(tx, Limit, *_applying([product], request))
    terms = [limit.terms for limit in limits]
    parts = risk.exposure(terms, offer.product_id, request, offer.sealed_amount_fen)
    touched = [limit for limit in limits if limit.id in parts]
    for limit in touched:
        if parts[limit.id] > limit.room_fen:
            return f"{limit.scope}_limit_exhausted"
    for limit in touched:
        _take(tx, limit, offer, stage, parts[limit.id])
    return None


def advance(tx: Transaction, offers: Sequence[Offer], stage: str) -> None:
    """Carry the offers' reservations over to the next stage."""
    for limit, reservations in _reservations(tx, offers):
        for reservation in reservations:
            _add(limit, reservation.stage, -reservation.amount_fen)
            _add(limit, stage, reservation.amount_fen)
            reservation.stage = stage
        tx.record(limit, "changed")


def release(tx: Transaction, offers: Sequence[Offer]) -> None:
    """Free what the offers had taken."""
    for limit, reservations in _reservations(tx, offers):
        stages = {reservation.stage for reservation in reservations}
        for reservation in reservations:
            _add(limit, reservation.stage, -reservation.amount_fen)
            tx.session.delete(reservation)
        _tell(tx, limit, *stages)


def _applying(
    products: Collection[Product], request: risk.Request
) -> tuple[ColumnElement[bool], ...]:
    """Of each bank a total, and at most a borrower's, its products', 20 debtors' and groups'."""
    subjects = {request.borrower_id, *request.shares_fen, *request.groups.values()}
    subjects |= {product.id for product in products}
    return (
        Limit.bank_id.in_({product.bank_id for product in products}),
        Limit.state.in_(GRANTED_LIMITS),
        or_(Limit.subject_id.is_(None), Limit.subject_id.in_(subjects)),
    )


def _reservations(
    tx: Transaction, offers: Sequence[Offer]
) -> list[tuple[Limit, list[Reservation]]]:
    """The offers' reservations by limit, the limits locked."""
    mine = Reservation.offer_id.in_([offer.id for offer in offers])
    ids = select(Reservation.limit_id).where(mine)
    limits = locked(tx, Limit, Limit.id.in_(ids))
    found = tx.session.scalars(
        select(Reservation).where(mine).execution_options(populate_existing=True)
    ).all()
    return [(limit, [r for r in found if r.limit_id == limit.id]) for limit in limits]


def _take(tx: Transaction, limit: Limit, offer: Offer, stage: str, amount_fen: int) -> None:
    _add(limit, stage, amount_fen)
    taken = {"limit_id": limit.id, "offer_id": offer.id}
    tx.session.add(Reservation(**taken, amount_fen=amount_fen, stage=stage))
    _tell(tx, limit, stage)


def _add(limit: Limit, stage: str, amount_fen: int) -> None:
    column = f"{stage}_fen"
    setattr(limit, column, getattr(limit, column) + amount_fen)


def _tell(tx: Transaction, limit: Limit, *stages: str) -> None:
    """A fact only of what is not sealed: a changed sum would give an unopened offer away."""
    if set(stages) != {"sealed"}:
        tx.record(limit, "changed")
