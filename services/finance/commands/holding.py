"""Positions take and give back their amount of the receivable, under the receivable's row lock."""

from collections.abc import Mapping, Sequence

from services.contracts.problems import Problem
from services.finance import pricing
from services.finance.commands import claims
from services.finance.commands.locking import locked
from services.finance.lifecycle import POSITION
from services.finance.tables.applications import Application, Share
from services.finance.tables.positions import Position
from services.finance.tables.receivables import Receivable
from services.messaging import Transaction


def lock(tx: Transaction, shares: Sequence[Share]) -> None:
    """Lock the shares' receivables, before anything that refers to them is written."""
    _receivables(tx, [share.receivable_id for share in shares])


def hold(tx: Transaction, application: Application) -> list[Position]:
    """A new held position for each share. Raises Problem when that much of it is not there.

    The receivables are locked. The facts are recorded by `record_held`, after the application's.
    """
    tx.session.flush()  # what follows refers to an application that may be new
    positions = []
    for share in application.shares:
        receivable = tx.session.get_one(Receivable, share.receivable_id)
        if receivable.state != "confirmed":  # paid since it was read without a lock
            raise Problem("receivable_not_confirmed", f"/shares/{share.line_no}/receivable_id")
        if share.amount_fen > receivable.free_fen:
            raise Problem("not_enough_left", f"/shares/{share.line_no}/amount")
        receivable.allocated_fen += share.amount_fen
        position = _new(tx, application, receivable, share.amount_fen)
        share.position_id = position.id
        positions.append(position)
    return positions


def can_hold(tx: Transaction, application: Application) -> bool:
    """Whether every share is still free and owed; the receivables stay locked."""
    lock(tx, application.shares)
    return is_owed(tx, application) and all(
        share.amount_fen <= tx.session.get_one(Receivable, share.receivable_id).free_fen
        for share in application.shares
    )


def is_owed(tx: Transaction, application: Application) -> bool:
    """Whether, as far as finance has heard, the debtors still owe what is to be financed."""
    return all(
        claims.financeable(tx, tx.session.get_one(Receivable, share.receivable_id))
        for share in application.shares
    )


def record_held(tx: Transaction, positions: Sequence[Position]) -> None:
    """State the facts of what `hold` did."""
    for position in positions:
        tx.record(position, "held")
    for id in sorted({position.receivable_id for position in positions}):
        tx.record(tx.session.get_one(Receivable, id), "allocated")


def release(tx: Transaction, positions: Sequence[Position]) -> None:
    """Let go. What is filed or noticed is `releasing` until the registry has cancelled it."""
    for position in positions:
        at_once = POSITION.next(position.state, "release") == "released"
        tx.move(position, "release", "released" if at_once else "releasing")
    give_back(tx, [position for position in positions if position.state == "released"])


def give_back(tx: Transaction, released: Sequence[Position]) -> None:
    """The receivables may be financed by others again; those paid meanwhile end."""
    receivables = _receivables(tx, [position.receivable_id for position in released])
    for position in released:
        receivables[position.receivable_id].allocated_fen -= position.left_fen
    for receivable in receivables.values():
        _settle_or_tell(tx, receivable)


def spread(
    tx: Transaction, positions: Sequence[Position], received_fen: Mapping[str, int]
) -> dict[str, int]:
    """By position, what it has of what its debtor paid to the bank; debtors with what they paid.

    It falls on the claims that are due first (民法典 560), on those of one day in the order of the
    positions' ids, and on each up to its position: what is more than all of this debtor's is no
    payment of a claim of this bank. The receivables are locked.
    """
    receivables = _receivables(tx, [position.receivable_id for position in positions])
    by_due_date = sorted(
        positions, key=lambda position: (receivables[position.receivable_id].due_date, position.id)
    )
    parts_fen: dict[str, int] = {}
    for debtor_id, fen in received_fen.items():
        owed = [position for position in by_due_date if position.debtor_id == debtor_id]
        parts = pricing.spread(max(fen, 0), [position.left_fen for position in owed])
        parts_fen |= zip([position.id for position in owed], parts, strict=True)
    return parts_fen


def collect(
    tx: Transaction, positions: Sequence[Position], parts_fen: Mapping[str, int], *, ends: bool
) -> None:
    """The bank received these parts of the positions; with the loan's end its positions end.

    Whatever of a position was not paid when the loan ends is free again: at once, or when the
    registry has cancelled what was filed. Until then another bank would come second (民法典 768).
    """
    receivables = _receivables(tx, [position.receivable_id for position in positions])
    changed = set()
    for position in positions:
        receivable, part_fen = receivables[position.receivable_id], parts_fen[position.id]
        position.settled_fen += part_fen
        receivable.settled_fen += part_fen
        freed_fen = position.left_fen if ends and not _stands(position) else 0
        receivable.allocated_fen -= part_fen + freed_fen
        if part_fen or freed_fen:
            changed.add(receivable.id)
        if ends:
            _end(tx, position)
        elif part_fen:
            tx.move(position, "collect", "part_paid")
    for id in sorted(changed):
        _settle_or_tell(tx, receivables[id])


def _end(tx: Transaction, position: Position) -> None:
    position.settled_at = tx.now
    if not position.left_fen:
        tx.move(position, "settle", "settled")
    elif _stands(position):
        tx.move(position, "end_short", "releasing")
    else:
        tx.move(position, "fall_short", "short_paid")


def _stands(position: Position) -> bool:
    """Whether others were told of the bank's right: by its filing, or the debtor by its notice."""
    return position.filed_at is not None or position.noticed_at is not None


def _settle_or_tell(tx: Transaction, receivable: Receivable) -> None:
    if not claims.settle_if_paid(tx, receivable):
        tx.record(receivable, "allocated")


def _receivables(tx: Transaction, ids: Sequence[str]) -> dict[str, Receivable]:
    return {row.id: row for row in locked(tx, Receivable, Receivable.id.in_(ids))}


def _new(
    tx: Transaction, application: Application, receivable: Receivable, amount_fen: int
) -> Position:
    return tx.new(
        Position,
        application_id=application.id,
        receivable_id=receivable.id,
        seller_id=receivable.seller_id,
        debtor_id=receivable.debtor_id,
        amount_fen=amount_fen,
        settled_fen=0,
        reports=[],
        thread_id=receivable.thread_id,
    )
