"""What must hold of claims, shares, limits, loans and the ledger."""

from deploy.sails.check.entry import Check, Figure

# Spelled out here on purpose: the checker does not ask the code that it checks.
_LIVE = "('held', 'committed', 'filed', 'noticed', 'acknowledged', 'funded', 'releasing')"
_OWED = "('confirmed', 'settled')"

CHECKS = (
    Check(
        "allocated_is_positions", "finance", "应收账款的已占用金额等于有效融资份额之和",
        "What is allocated of a receivable is the sum of its live positions",
        "SELECT r.number, r.allocated_fen, coalesce(sum(p.amount_fen), 0) FROM receivables r"  # noqa: S608  constants
        f" LEFT JOIN positions p ON p.receivable_id = r.id AND p.state IN {_LIVE} GROUP BY r.id"
        " HAVING r.allocated_fen <> coalesce(sum(p.amount_fen), 0)",
    ),
    Check(
        "allocated_within_confirmed", "finance", "占用金额不超过确权金额减去折让",
        "What is allocated or repaid does not exceed confirmed less credit notes",
        "SELECT number, allocated_fen, settled_fen, confirmed_fen, credited_fen FROM receivables"
        " WHERE allocated_fen + settled_fen > coalesce(confirmed_fen, 0) - credited_fen",
    ),
    Check(
        "confirmed_by_two", "finance", "确权由两人办理", "Two people confirmed each receivable",
        "SELECT number FROM receivables"  # noqa: S608  constants
        f" WHERE state IN {_OWED} AND (prepared_by IS NULL OR confirmed_by IS NULL"
        "  OR prepared_by = confirmed_by OR confirmation_signature IS NULL)",
    ),
    Check(
        "invoice_once", "finance", "每张发票被占用的金额不超过发票总额",
        "No invoice is claimed beyond its total",
        "SELECT seller_id, number, allocated_fen, total_fen FROM invoices"
        " WHERE allocated_fen > total_fen",
    ),
    Check(
        "limits_hold", "finance", "占用与使用的额度不超过授信额度",
        "Limits reserved and used do not exceed what was granted",
        "SELECT number, granted_fen, sealed_fen, reserved_fen, used_fen FROM limits"
        " WHERE sealed_fen + reserved_fen + used_fen > granted_fen",
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
        "entries_balance", "finance", "每笔分录借贷平衡", "The postings of every entry sum to zero",
        "SELECT e.id, e.kind, coalesce(sum(p.amount_fen), 0), count(p.account)"
        " FROM journal_entries e LEFT JOIN postings p ON p.entry_id = e.id GROUP BY e.id"
        " HAVING coalesce(sum(p.amount_fen), 0) <> 0 OR count(p.account) < 2",
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
        "Positions are funded or settled exactly when their loan was paid out",
        "SELECT p.number, p.state, l.number, l.state FROM positions p"
        " LEFT JOIN loans l ON l.application_id = p.application_id"
        "  AND l.disbursed_at IS NOT NULL"
        " WHERE p.state <> 'released' AND (p.state IN ('funded', 'settled')) <>"
        " (l.id IS NOT NULL)",
    ),
    Check(
        "no_payout_before_gates", "finance", "登记与通知到达之后才放款",
        "Nothing was paid out before filing and notice, where the product needs them",
        "SELECT p.number, d.security FROM positions p"
        " JOIN loans l ON l.application_id = p.application_id AND l.disbursed_at IS NOT NULL"
        " JOIN offers o ON o.id = l.offer_id JOIN products d ON d.id = o.product_id"
        " WHERE p.state IN ('funded', 'settled') AND"
        " ((d.security <> 'none' AND p.filing_number IS NULL)"
        "  OR (d.security = 'assignment_disclosed' AND p.noticed_at IS NULL))",
    ),
    Check(
        "one_offer_accepted", "finance", "每份申请最多接受一个报价",
        "At most one offer of an application is accepted",
        "SELECT application_id, count(*) FROM offers WHERE state IN ('accepted', 'fulfilled')"
        " GROUP BY 1 HAVING count(*) > 1",
    ),
    Check(
        "sealed_means_sealed", "finance", "密封报价的条件不在任何事实中",
        "No fact carries the terms of a sealed offer",
        "SELECT event_id, type FROM outbox WHERE type LIKE 'offer.%'"
        " AND envelope->'data'->>'state' IN ('prepared', 'sealed')"
        " AND envelope->'data'->>'amount_fen' IS NOT NULL",
    ),
)  # fmt: skip
FIGURES = (
    Figure("receivables", "finance", "SELECT count(*) FROM receivables"),
    Figure("positions", "finance", "SELECT count(*) FROM positions"),
    Figure("loans", "finance", "SELECT count(*) FROM loans"),
    Figure("ledger_sum", "finance", "SELECT sum(amount_fen) FROM postings"),
    Figure("ledger_entries", "finance", "SELECT count(*) FROM journal_entries"),
)
