"""What must hold of claims, shares, limits, loans and the ledger."""

from deploy.sails.check.entry import Check, Figure

# Spelled out here on purpose: the checker does not ask the code that it checks.
_LIVE = "('held', 'committed', 'filed', 'noticed', 'acknowledged', 'funded', 'releasing')"
# The rest of one that was lent on waits for the registry as one does that never was: which has no
# `settled_at`.
_PAID_OUT = (
    "(p.state IN ('funded', 'settled', 'short_paid')"
    " OR p.state = 'releasing' AND p.settled_at IS NOT NULL)"
)
_OWED = "('confirmed', 'settled')"
_CLAIMING = "('entered', 'checked', 'confirmation_requested', 'prepared', 'confirmed', 'settled')"
_CLOCK_SKEW = "interval '1 hour'"  # how far a bank's or a registry's clock may be off ours

CHECKS = (
    Check(
        "allocated_is_positions", "finance", "应收账款的已占用金额等于有效融资份额的未收部分之和",
        "What is allocated of a receivable is what its live positions have not received",
        "SELECT r.number, r.allocated_fen, coalesce(sum(p.amount_fen - p.settled_fen), 0)"  # noqa: S608  constants
        " FROM receivables r"
        f" LEFT JOIN positions p ON p.receivable_id = r.id AND p.state IN {_LIVE} GROUP BY r.id"
        " HAVING r.allocated_fen <> coalesce(sum(p.amount_fen - p.settled_fen), 0)",
    ),
    Check(
        "settled_is_positions", "finance", "应收账款经融资回款的金额等于各融资份额的回款之和",
        "What banks have received of a receivable is the sum of what its positions have",
        "SELECT r.number, r.settled_fen, coalesce(sum(p.settled_fen), 0) FROM receivables r"
        " LEFT JOIN positions p ON p.receivable_id = r.id GROUP BY r.id"
        " HAVING r.settled_fen <> coalesce(sum(p.settled_fen), 0)",
    ),
    # Before it was said which of several debtors paid, it may have been any of them.
    Check(
        "settled_is_received", "finance", "融资份额的回款等于从各债务人实收的金额，以份额为限",
        "What counts as paid of a loan's shares is what its bank received from each debtor",
        "SELECT l.number, p.debtor_id, r.named_fen, r.unnamed_fen, p.settled_fen, p.amount_fen"  # noqa: S608  constants
        " FROM loans l JOIN (SELECT application_id, debtor_id, sum(amount_fen) AS amount_fen,"
        "  sum(settled_fen) AS settled_fen FROM positions p"
        f"  WHERE {_PAID_OUT} GROUP BY 1, 2) p USING (application_id)"
        " CROSS JOIN LATERAL (SELECT"
        "  coalesce(sum(amount_fen) FILTER (WHERE debtor_id = p.debtor_id), 0) AS named_fen,"
        "  coalesce(sum(amount_fen) FILTER (WHERE debtor_id IS NULL), 0) AS unnamed_fen"
        "  FROM repayments WHERE loan_id = l.id AND payer = 'debtor') r"
        " WHERE l.disbursed_at IS NOT NULL AND p.settled_fen NOT BETWEEN"
        " least(r.named_fen, p.amount_fen) AND least(r.named_fen + r.unnamed_fen, p.amount_fen)",
    ),
    Check(
        "confirmed_by_two", "finance", "确权由两人办理", "Two people confirmed each receivable",
        "SELECT number FROM receivables"  # noqa: S608  constants
        f" WHERE state IN {_OWED} AND (prepared_by IS NULL OR confirmed_by IS NULL"
        "  OR prepared_by = confirmed_by OR confirmation_signature IS NULL)",
    ),
    Check(
        "confirmed_within_contract", "finance", "各合同已确权金额之和不超过其应付款项之和",
        "What is confirmed of a contract is no more than its payables owe in all",
        "SELECT r.contract_id, sum(r.confirmed_fen), d.amount_fen FROM receivables r"  # noqa: S608  constants
        " JOIN (SELECT contract_id, sum(amount_fen) AS amount_fen FROM payable_copies GROUP BY 1) d"
        "  USING (contract_id)"
        f" WHERE r.state IN {_OWED} GROUP BY r.contract_id, d.amount_fen"
        " HAVING sum(r.confirmed_fen) > d.amount_fen",
    ),
    Check(
        "invoice_is_claims", "finance", "发票被占用的金额等于有效应收账款之和",
        "What is taken of an invoice is the sum of the live claims on it",
        "SELECT i.seller_id, i.number, i.allocated_fen, coalesce(sum(c.claimed_fen), 0)"  # noqa: S608  constants
        " FROM invoices i LEFT JOIN receivables r ON r.seller_id = i.seller_id"
        "  AND r.debtor_id = i.debtor_id AND r.invoice_code = i.code"
        f"  AND r.invoice_number = i.number AND r.state IN {_CLAIMING}"
        " LEFT JOIN payable_claims c ON c.receivable_id = r.id"
        " GROUP BY i.seller_id, i.debtor_id, i.code, i.number"
        " HAVING i.allocated_fen <> coalesce(sum(c.claimed_fen), 0)",
    ),
    Check(
        "limits_are_reservations", "finance", "额度占用等于各报价占用之和",
        "What a limit holds is the sum of its reservations, stage by stage",
        "SELECT l.number, l.sealed_fen, l.reserved_fen, l.used_fen FROM limits l"
        " LEFT JOIN reservations v ON v.limit_id = l.id GROUP BY l.id"
        " HAVING l.sealed_fen <> coalesce(sum(v.amount_fen) FILTER (WHERE stage = 'sealed'), 0)"
        " OR l.reserved_fen <> coalesce(sum(v.amount_fen) FILTER (WHERE stage = 'reserved'), 0)"
        " OR l.used_fen <> coalesce(sum(v.amount_fen) FILTER (WHERE stage = 'used'), 0)",
    ),
    Check(
        "ledger_is_loans", "finance", "账上未还本金等于借款的未还本金",
        "The principal in the ledger is what each loan still owes",
        "SELECT l.number, l.state, l.principal_fen - l.principal_paid_fen,"
        " coalesce(sum(p.amount_fen) FILTER (WHERE p.account = 'principal'), 0)"
        " FROM loans l LEFT JOIN journal_entries e ON e.loan_id = l.id"
        " LEFT JOIN postings p ON p.entry_id = e.id WHERE l.disbursed_at IS NOT NULL GROUP BY l.id"
        " HAVING l.principal_fen - l.principal_paid_fen <>"
        " coalesce(sum(p.amount_fen) FILTER (WHERE p.account = 'principal'), 0)",
    ),
    Check(
        "funded_when_paid", "finance", "放款后其融资份额才算已融资",
        "Positions are funded or at their end exactly when their loan was paid out",
        "SELECT p.number, p.state, l.number, l.state FROM positions p"  # noqa: S608  constants
        " LEFT JOIN loans l ON l.application_id = p.application_id"
        "  AND l.disbursed_at IS NOT NULL"
        f" WHERE p.state <> 'released' AND {_PAID_OUT} <>"
        " (l.id IS NOT NULL)",
    ),
    # Notice and instruction are both told by the platform's clock; filing and payout by others'.
    Check(
        "no_payout_before_gates", "finance", "登记与通知到达之后才放款",
        "Nothing was paid out before filing and notice, where the product needs them",
        "SELECT p.number, d.security, p.filed_at, p.noticed_at, l.instructed_at, l.disbursed_at"  # noqa: S608  constants
        " FROM positions p"
        " JOIN loans l ON l.application_id = p.application_id AND l.disbursed_at IS NOT NULL"
        " JOIN offers o ON o.id = l.offer_id JOIN products d ON d.id = o.product_id"
        f" WHERE {_PAID_OUT} AND"
        " ((d.security <> 'none' AND (p.filing_number IS NULL OR p.filed_at IS NULL"
        "   OR p.search IS DISTINCT FROM 'clear'"
        f"  OR p.filed_at > l.disbursed_at + {_CLOCK_SKEW}))"
        "  OR (d.security = 'assignment_disclosed' AND (p.noticed_at IS NULL"
        f"  OR p.noticed_at > l.instructed_at OR p.noticed_at > l.disbursed_at + {_CLOCK_SKEW})))",
    ),
    # By the offer's own row too: one that was withdrawn or lost unopened keeps its seal.
    Check(
        "sealed_offers_stay_sealed", "finance", "未开启融资报价的条件不在任何事实中",
        "No fact carries the terms of an offer that was not opened",
        "SELECT e.event_id, e.type FROM outbox e"
        " JOIN offers o ON o.id = (e.envelope->>'subject')::uuid"
        " WHERE e.type LIKE 'offer.%'"
        " AND (o.opened_at IS NULL OR e.envelope->'data'->>'state' IN ('prepared', 'sealed'))"
        " AND coalesce(e.envelope->'data'->>'amount_fen', e.envelope->'data'->>'rate_bp',"
        "  e.envelope->'data'->>'fee_fen', e.envelope->'data'->>'interest_fen',"
        "  e.envelope->'data'->>'all_in_cost_bp') IS NOT NULL",
    ),
)  # fmt: skip
FIGURES = (
    Figure("receivables", "finance", "SELECT count(*) FROM receivables"),
    Figure("positions", "finance", "SELECT count(*) FROM positions"),
    Figure("loans", "finance", "SELECT count(*) FROM loans"),
    Figure("ledger_sum", "finance", "SELECT sum(amount_fen) FROM postings"),
    Figure("ledger_entries", "finance", "SELECT count(*) FROM journal_entries"),
)
