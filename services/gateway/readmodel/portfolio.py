"""What a bank has lent and promised: by debtor, month, state. Read from its own documents alone.

A loan's open principal is shared out among its debtors as the claims behind it stand to each other:
parts of parts that go on from one another, so that they sum to the loan to the fen.
"""

from datetime import date
from typing import Any

from services.gateway.readmodel import lending
from services.gateway.readmodel.audiences import of_party
from services.messaging import Reader
from services.messaging.reader import Row

MOST = 20_000  # documents of a kind that one look goes through: four times the programme's loans
MOST_DEBTORS = 100  # beyond them `debtors_more`; a picture shows a dozen
MOST_GROUPS = 400  # months of a term of ten years, and states
PPM = 1_000_000

Document = dict[str, Any]


def of_bank(reader: Reader, party_id: str, today: date) -> Document:
    """All of it, with money in fen. `today` is the business date that the answer is of."""
    audience = of_party(party_id)
    groups = reader.rows(lending.LOANS, (audience, MOST, MOST_GROUPS))
    whole = next(iter(_of("all", groups)), _group((None, None, 0, 0, 0, 0)))
    limits = {(scope, subject): _limit(row) for scope, subject, *row in _limits(reader, audience)}
    debtors = reader.rows(lending.DEBTORS, (audience, MOST, MOST_DEBTORS))
    return {
        "as_of": today.isoformat(),
        "is_whole": whole["loans"] < MOST,
        "open_fen": whole["open_fen"],
        "promised_fen": whole["promised_fen"],
        "overdue_fen": sum(one["open_fen"] for one in _of("state", groups, "overdue")),
        "states": [one | {"state": one.pop("name")} for one in _of("state", groups)],
        "months": [
            {"month": one["name"], "loans": one["loans"], "open_fen": one["open_fen"]}
            for one in _of("month", groups)
            if one["open_fen"]
        ],
        "debtors": [_debtor(row, whole, limits) for row in debtors],
        "debtors_more": max(0, (debtors[0][-1] if debtors else 0) - MOST_DEBTORS),
        "limit": limits.get(("total", None)),
        "applications": [
            {"state": state, "count": count, "amount_fen": int(fen)}
            for state, count, fen in reader.rows(lending.APPLICATIONS, (audience, MOST))
        ],
        "offers": [
            {"state": state, "count": count}
            for state, count in reader.rows(lending.OFFERS, (audience, MOST))
        ],
    }


def _of(by: str, groups: list[Row], name: str | None = None) -> list[Document]:
    return [_group(row) for row in groups if row[0] == by and name in (None, row[1])]


def _group(row: Row) -> Document:
    _, name, loans, principal, opened, promised = row
    sums = {"principal_fen": principal, "open_fen": opened, "promised_fen": promised}
    return {"name": name, "loans": loans} | {each: int(fen) for each, fen in sums.items()}


def _limits(reader: Reader, audience: str) -> list[Row]:
    return reader.rows(lending.LIMITS, (audience, MOST))


def _limit(row: list[Any]) -> Document:
    return dict(zip(("granted_fen", "reserved_fen", "used_fen"), map(int, row), strict=True))


def _debtor(row: Row, whole: Document, limits: dict[Any, Document]) -> Document:
    """`share_ppm`: of all open principal."""
    id, name, loans, opened, promised, _ = row
    return {
        "debtor_id": id,
        "name": name,
        "loans": loans,
        "open_fen": int(opened),
        "promised_fen": int(promised),
        "share_ppm": int(opened) * PPM // whole["open_fen"] if whole["open_fen"] else 0,
        "limit": limits.get(("debtor", id)),
    }
