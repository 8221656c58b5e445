"""What a bank has lent and promised: by debtor, month, state. Read from its own documents alone.

A loan's open principal is shared out among its debtors as the claims behind it stand to each other:
parts of parts that go on from one another, so that they sum to the loan to the fen.
"""

from datetime import date
from typing import Any

from services.gateway.readmodel.audiences import of_party
from services.messaging import Prepared, Reader
from services.messaging.reader import Row

MOST = 20_000  # documents of a kind that one look goes through: four times the programme's loans
MOST_DEBTORS = 100  # beyond them `debtors_more`; a picture shows a dozen
MOST_GROUPS = 400  # months of a term of ten years, and states
PPM = 1_000_000

Document = dict[str, Any]


def of_bank(reader: Reader, party_id: str, today: date) -> Document:
    """All of it, with money in fen. `today` is the business date that the answer is of."""
    audience = of_party(party_id)
    groups = reader.rows(_LOANS, (audience, MOST, MOST_GROUPS))
    whole = next(iter(_of("all", groups)), _group((None, None, 0, 0, 0, 0)))
    limits = {(scope, subject): _limit(row) for scope, subject, *row in _limits(reader, audience)}
    debtors = reader.rows(_DEBTORS, (audience, MOST, MOST_DEBTORS))
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
            for state, count, fen in reader.rows(_APPLICATIONS, (audience, MOST))
        ],
        "offers": [
            {"state": state, "count": count}
            for state, count in reader.rows(_OFFERS, (audience, MOST))
        ],
    }


def _of(by: str, groups: list[Row], name: str | None = None) -> list[Document]:
    return [_group(row) for row in groups if row[0] == by and name in (None, row[1])]


def _group(row: Row) -> Document:
    _, name, loans, principal, opened, promised = row
    sums = {"principal_fen": principal, "open_fen": opened, "promised_fen": promised}
    return {"name": name, "loans": loans} | {each: int(fen) for each, fen in sums.items()}


def _limits(reader: Reader, audience: str) -> list[Row]:
    return reader.rows(_LIMITS, (audience, MOST))


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


def _fen(money: str) -> str:
    return f"CAST(CAST({money} ->> 'amount' AS numeric) * 100 AS bigint)"


def _documents(kind: str, fields: str, more: str = "") -> str:
    """The newest documents of a kind in this audience, with fields of theirs."""
    return f"""(
        SELECT state, document FROM views WHERE audience = $1 AND kind = '{kind}' {more}
        ORDER BY sort_at DESC, id DESC LIMIT $2
    ) AS newest
    CROSS JOIN LATERAL json_to_record(CAST(newest.document AS json)) AS said ({fields})"""  # noqa: S608


# Open: paid out and not repaid. Promised: instructed to be paid out, and not known to have failed.
_LENT = f"""
    lent AS (
        SELECT application_id, newest.state, to_char(due_date, 'YYYY-MM') AS month,
               {_fen("principal")} AS principal_fen,
               CASE WHEN newest.state IN ('active', 'due', 'part_paid', 'overdue')
                    THEN {_fen("principal")} - {_fen("principal_paid")} ELSE 0 END AS open_fen,
               CASE WHEN newest.state IN ('created', 'instructed', 'unknown')
                    THEN {_fen("principal")} ELSE 0 END AS promised_fen
        FROM {_documents("loan", "application_id uuid, due_date date, principal json, principal_paid json")}
    )"""  # noqa: E501, S608
_LOANS = Prepared(
    "portfolio_loans",
    ("text", "int", "int"),
    f"""
    WITH {_LENT}
    SELECT CASE WHEN GROUPING(state) = 0 THEN 'state' WHEN GROUPING(month) = 0 THEN 'month'
                ELSE 'all' END,
           COALESCE(state, month), count(*), COALESCE(sum(principal_fen), 0),
           COALESCE(sum(open_fen), 0), COALESCE(sum(promised_fen), 0)
    FROM lent GROUP BY GROUPING SETS ((state), (month), ()) ORDER BY 1, 2 LIMIT $3
    """,  # noqa: S608
)
# A share that was let go secures nothing.
_DEBTORS = Prepared(
    "portfolio_debtors",
    ("text", "int", "int"),
    f"""
    WITH {_LENT}, claimed AS (
        SELECT application_id, debtor_id, sum({_fen("amount")}) AS part
        FROM {_documents("position", "application_id uuid, debtor_id uuid, amount json", "AND state NOT IN ('released', 'releasing')")}
        GROUP BY application_id, debtor_id
    ), placed AS (
        SELECT *, sum(part) OVER (PARTITION BY application_id) AS whole,
               sum(part) OVER (PARTITION BY application_id ORDER BY debtor_id) AS up_to
        FROM claimed
    ), shared AS (
        SELECT debtor_id,
               floor(open_fen * up_to / whole) - floor(open_fen * (up_to - part) / whole)
                   AS open_fen,
               floor(promised_fen * up_to / whole) - floor(promised_fen * (up_to - part) / whole)
                   AS promised_fen
        FROM lent JOIN placed USING (application_id) WHERE open_fen + promised_fen > 0
    ), owing AS (
        SELECT debtor_id, count(*) AS loans, sum(open_fen) AS open_fen,
               sum(promised_fen) AS promised_fen, count(*) OVER () AS debtors
        FROM shared GROUP BY debtor_id
        ORDER BY sum(open_fen) DESC, sum(promised_fen) DESC, debtor_id LIMIT $3
    )
    SELECT CAST(debtor_id AS text), CAST(party.document AS json) ->> 'name', loans, open_fen,
           promised_fen, debtors
    FROM owing LEFT JOIN views AS party
        ON party.kind = 'party' AND party.id = debtor_id AND party.audience = 'public'
    ORDER BY open_fen DESC, promised_fen DESC, debtor_id
    """,  # noqa: E501, S608
)
_LIMITS = Prepared(
    "portfolio_limits",
    ("text", "int"),
    f"""
    SELECT scope, subject_id, {_fen("granted")}, {_fen("reserved")}, {_fen("used")}
    FROM {_documents("limit", "scope text, subject_id text, granted json, reserved json, used json", "AND state = 'approved'")}
    WHERE scope IN ('debtor', 'total')
    """,  # noqa: E501, S608
)
_IN_THE_WORKS = "AND state IN ('offering', 'selecting', 'securing', 'ready', 'releasing')"
_APPLICATIONS = Prepared(
    "portfolio_applications",
    ("text", "int"),
    f"""
    SELECT newest.state, count(*), sum({_fen("amount")})
    FROM {_documents("application", "amount json", _IN_THE_WORKS)}
    GROUP BY newest.state ORDER BY newest.state
    """,  # noqa: S608
)
_OFFERS = Prepared(
    "portfolio_offers",
    ("text", "int"),
    """
    SELECT state, count(*) FROM (
        SELECT state FROM views WHERE audience = $1 AND kind = 'offer'
        ORDER BY sort_at DESC, id DESC LIMIT $2
    ) AS newest GROUP BY state ORDER BY state
    """,
)
