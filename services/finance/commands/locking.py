"""Rows under lock, in the one order that all commands keep."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, select

from services.finance.tables.applications import Application
from services.finance.tables.loans import Loan
from services.finance.tables.offers import Offer
from services.finance.tables.positions import Position
from services.messaging import AggregateRow, Transaction

Row = TypeVar("Row", bound=AggregateRow)
Part = TypeVar("Part", Position, Offer, Loan)


def locked(tx: Transaction, table: type[Row], *where: ColumnElement[bool]) -> Sequence[Row]:
    """The rows as they are now, locked in the order of their ids.

    Their keys stay free: a row that merely refers to one of them is not held up.
    """
    query = select(table).where(*where).order_by(table.id).with_for_update(key_share=True)
    return tx.session.scalars(query.execution_options(populate_existing=True)).all()


def part_of_application(
    tx: Transaction, table: type[Part], id: str, of: Collection[str] = ()
) -> tuple[Part, Application]:
    """The row after its application was locked. Raises Problem("not_found")."""
    seen = tx.load(table, id, of, lock=False)
    application = tx.load(Application, seen.application_id)
    return tx.load(table, id, of), application


def live_positions(tx: Transaction, application: Application) -> Sequence[Position]:
    """Those that have not ended, under the application's lock."""
    ended = ("settled", "short_paid", "released")
    return locked(
        tx, Position, Position.application_id == application.id, Position.state.not_in(ended)
    )


def offers_of(tx: Transaction, application: Application, *states: str) -> Sequence[Offer]:
    """The application's offers in these states."""
    return locked(tx, Offer, Offer.application_id == application.id, Offer.state.in_(states))
