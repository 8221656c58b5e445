"""Which banks' products can carry an application, from their criteria and limits as they stand."""

from collections.abc import Sequence

from sqlalchemy import select

from services.finance import risk, rules
from services.finance.commands import exposure
from services.finance.tables.applications import Application, Share
from services.finance.tables.copies import PartyCopy
from services.finance.tables.products import Product
from services.messaging import Transaction

MAX_PRODUCTS = 200  # the programme's banks publish a handful each


def request(tx: Transaction, borrower_id: str, shares: Sequence[Share]) -> risk.Request:
    """What is asked for with these shares, as `risk` judges it today."""
    by_debtor: dict[str, int] = {}
    for share in shares:
        by_debtor[share.debtor_id] = by_debtor.get(share.debtor_id, 0) + share.amount_fen
    parties = [tx.session.get(PartyCopy, debtor_id) for debtor_id in by_debtor]
    groups = {party.id: party.group_id for party in parties if party and party.group_id}
    days = (max(share.due_date for share in shares) - tx.today).days
    return risk.Request(borrower_id, by_debtor, groups, days)


def request_of(tx: Transaction, application: Application) -> risk.Request:
    """What the application asks for."""
    return request(tx, application.applicant_id, application.shares)


def assess(tx: Transaction, asked: risk.Request) -> list[tuple[Product, risk.Verdict]]:
    """Every published product with what it could lend."""
    published = select(Product).where(Product.state == "published").order_by(Product.id)
    products = tx.session.scalars(published.limit(MAX_PRODUCTS)).all()
    limits = exposure.approved(tx, products, asked)
    verdicts = []
    for product in products:
        own = [limit.terms for limit in limits if limit.bank_id == product.bank_id]
        verdicts.append((product, risk.judge(product.criteria, own, asked, cap_fen(tx, product))))
    return verdicts


def eligible_banks(tx: Transaction, asked: risk.Request) -> list[str]:
    """Banks of which at least one product can carry it."""
    return sorted({product.bank_id for product, verdict in assess(tx, asked) if verdict.fits})


def cap_fen(tx: Transaction, product: Product) -> int | None:
    """The programme's maximum per application for this kind of product."""
    cap = rules.parameters("application.cap", tx.today)
    return int(cap["max_fen"]) if product.kind == cap["kind"] else None
