"""Writes balanced entries and reads them back, checked both times."""

from sqlalchemy import func, select

from services.finance import ledger
from services.finance.tables.ledger import JournalEntry, Posting
from services.finance.tables.loans import Loan
from services.messaging import Transaction


def write(tx: Transaction, loan: Loan, entry: ledger.Entry) -> None:
    """Append the entry. Nothing ever changes or removes it: corrections are counter-postings."""
    postings = [Posting(account=name, amount_fen=fen) for name, fen in entry.postings.items()]
    row = JournalEntry(
        id=tx.ids.new(),
        loan_id=loan.id,
        kind=entry.kind,
        reference=entry.reference,
        booked_at=tx.now,
        business_date=tx.today,
        postings=postings,
    )
    tx.session.add(row)


def balances(tx: Transaction, loan: Loan) -> dict[str, int]:
    """Whole fen by account. Raises ledger.Unbalanced when they do not sum to zero."""
    total = select(Posting.account, func.sum(Posting.amount_fen)).join(
        JournalEntry, JournalEntry.id == Posting.entry_id
    )
    of_loan = total.where(JournalEntry.loan_id == loan.id).group_by(Posting.account)
    found = {account: int(fen) for account, fen in tx.session.execute(of_loan)}
    ledger.assert_balanced(found.values())
    return found
