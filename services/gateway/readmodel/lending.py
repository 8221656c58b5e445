"""What a portfolio asks of the database: each a statement that is parsed once.

All begin with the bank's audience and how many documents of a kind to go through, the newest.
"""

from services.gateway.readmodel.extracts import NO_AMOUNT_FEN
from services.messaging import Prepared


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
_OPEN, _PROMISED = (
    "('active', 'due', 'part_paid', 'overdue')",
    "('created', 'instructed', 'unknown')",
)
# By the columns of the list; a document is read only of what may be repaid in part, and where the
# columns are not filled in yet.
_DOCUMENT = "CAST(document AS json)"
_PAID = _fen(f"{_DOCUMENT} -> 'principal_paid'")
# A document that says no amount adds none: the column has one below all others then.
_AMOUNT = f"COALESCE(NULLIF(amount_fen, {NO_AMOUNT_FEN}), " + _fen(f"{_DOCUMENT} -> 'amount'") + ")"
_PRINCIPAL = "COALESCE(amount_fen, " + _fen(f"{_DOCUMENT} -> 'principal'") + ")"
LOANS = Prepared(
    "portfolio_loans",
    ("text", "int", "int"),
    f"""
    WITH newest AS (
        SELECT state, due_at, amount_fen, document FROM views
        WHERE audience = $1 AND kind = 'loan' ORDER BY sort_at DESC, id DESC LIMIT $2
    ), lent AS (
        SELECT state, {_PRINCIPAL} AS principal_fen,
               COALESCE(to_char((due_at - interval '1 second') AT TIME ZONE 'Asia/Shanghai',
                                'YYYY-MM'), left({_DOCUMENT} ->> 'due_date', 7)) AS month,
               CASE WHEN state IN {_OPEN} THEN {_PRINCIPAL} ELSE 0 END
               - CASE WHEN state IN ('part_paid', 'overdue')
                      THEN {_PAID} ELSE 0 END AS open_fen,
               CASE WHEN state IN {_PROMISED} THEN {_PRINCIPAL} ELSE 0 END AS promised_fen
        FROM newest
    )
    SELECT CASE WHEN GROUPING(state) = 0 THEN 'state' WHEN GROUPING(month) = 0 THEN 'month'
                ELSE 'all' END,
           COALESCE(state, month), count(*), COALESCE(sum(principal_fen), 0),
           COALESCE(sum(open_fen), 0), COALESCE(sum(promised_fen), 0)
    FROM lent GROUP BY GROUPING SETS ((state), (month), ()) ORDER BY 1, 2 LIMIT $3
    """,  # noqa: S608
)
# A share that was let go secures nothing. Debtors have of a loan by what they still owe, and where
# all have paid by what they owed. Loans and their claims are put side by side and sorted: a join
# would be planned by guesses at what is in documents.
_LIVE_LOANS = _documents(
    "loan",
    "application_id uuid, principal json, principal_paid json",
    f"AND (state IN {_OPEN} OR state IN {_PROMISED})",
)
_LIVE_CLAIMS = _documents(
    "position",
    "application_id uuid, debtor_id uuid, amount json, settled json",
    "AND state IN ('committed', 'filed', 'noticed', 'acknowledged', 'funded')",
)
DEBTORS = Prepared(
    "portfolio_debtors",
    ("text", "int", "int"),
    f"""
    WITH lent AS (
        SELECT application_id,
               CASE WHEN newest.state IN {_OPEN}
                    THEN {_fen("principal")} - {_fen("principal_paid")} ELSE 0 END AS open_fen,
               CASE WHEN newest.state IN {_PROMISED}
                    THEN {_fen("principal")} ELSE 0 END AS promised_fen
        FROM {_LIVE_LOANS}
    ), claimed AS (
        SELECT application_id, debtor_id, sum({_fen("amount")}) AS amount_fen,
               sum({_fen("amount")} - COALESCE({_fen("settled")}, 0)) AS left_fen
        FROM {_LIVE_CLAIMS} GROUP BY application_id, debtor_id
    ), weighed AS (
        SELECT application_id, debtor_id,
               CASE WHEN sum(left_fen) OVER (PARTITION BY application_id) > 0
                    THEN left_fen ELSE amount_fen END AS part
        FROM claimed
    ), sides AS (
        SELECT application_id, CAST(NULL AS uuid) AS debtor_id, open_fen, promised_fen, 0 AS part
        FROM lent
        UNION ALL SELECT application_id, debtor_id, 0, 0, part FROM weighed
    ), placed AS (
        SELECT debtor_id, part, sum(open_fen) OVER deal AS open_fen,
               sum(promised_fen) OVER deal AS promised_fen, sum(part) OVER deal AS whole,
               sum(part) OVER (deal ORDER BY debtor_id NULLS FIRST) AS up_to
        FROM sides WINDOW deal AS (PARTITION BY application_id)
    ), shared AS (
        SELECT debtor_id,
               floor(open_fen * up_to / whole) - floor(open_fen * (up_to - part) / whole)
                   AS open_fen,
               floor(promised_fen * up_to / whole) - floor(promised_fen * (up_to - part) / whole)
                   AS promised_fen
        FROM placed WHERE debtor_id IS NOT NULL AND part > 0 AND open_fen + promised_fen > 0
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
    """,  # noqa: S608
)
LIMITS = Prepared(
    "portfolio_limits",
    ("text", "int"),
    f"""
    SELECT scope, subject_id, {_fen("granted")}, {_fen("reserved")}, {_fen("used")}
    FROM {_documents("limit", "scope text, subject_id text, granted json, reserved json, used json", "AND state IN ('approved', 'changing')")}
    WHERE scope IN ('debtor', 'total')
    """,  # noqa: E501, S608
)
_IN_THE_WORKS = "AND state IN ('offering', 'selecting', 'securing', 'ready', 'releasing')"
APPLICATIONS = Prepared(
    "portfolio_applications",
    ("text", "int"),
    f"""
    SELECT state, count(*), sum({_AMOUNT})
    FROM (
        SELECT state, amount_fen, document FROM views
        WHERE audience = $1 AND kind = 'application' {_IN_THE_WORKS}
        ORDER BY sort_at DESC, id DESC LIMIT $2
    ) AS newest GROUP BY state ORDER BY state
    """,  # noqa: S608
)
OFFERS = Prepared(
    "portfolio_offers",
    ("text", "int"),
    """
    SELECT state, count(*) FROM (
        SELECT state FROM views WHERE audience = $1 AND kind = 'offer'
        ORDER BY sort_at DESC, id DESC LIMIT $2
    ) AS newest GROUP BY state ORDER BY state
    """,
)
