"""What must hold from demand to payable."""

from deploy.sails.check.entry import Check, Figure

_SIGNED = "('active', 'completed')"

CHECKS = (
    Check(
        "payables_sum", "orders", "合同的各期应付款之和等于合同金额",
        "The payables of a signed contract sum to its amount",
        "SELECT c.number, c.amount_fen, sum(p.amount_fen) FROM contracts c"  # noqa: S608  constants
        " LEFT JOIN payables p ON p.contract_id = c.id"
        f" WHERE c.state IN {_SIGNED} GROUP BY c.id"
        " HAVING coalesce(sum(p.amount_fen), 0) <> c.amount_fen",
    ),
    Check(
        "signed_by_both", "orders", "生效合同由双方签署",
        "A contract in force is signed by both parties",
        "SELECT c.number FROM contracts c"  # noqa: S608  constants
        f" WHERE c.state IN {_SIGNED} AND (SELECT count(*) FROM signatures s"
        "  WHERE s.contract_id = c.id AND s.party_id IN (c.buyer_id, c.supplier_id)) <> 2",
    ),
    Check(
        "delivered_within_contract", "orders", "交付金额不超过合同金额",
        "What is delivered does not exceed the contract",
        "SELECT c.number, c.amount_fen, sum(d.live_fen) FROM contracts c JOIN ("
        "SELECT contract_id, CASE state WHEN 'part_accepted' THEN accepted_fen"
        " WHEN 'rejected' THEN 0 ELSE amount_fen END AS live_fen FROM deliveries) d"
        " ON d.contract_id = c.id GROUP BY c.id HAVING sum(d.live_fen) > c.amount_fen",
    ),
    Check(
        "paid_as_recorded", "orders", "已付金额等于有据可查的付款之和",
        "What counts as paid of a payable is the sum of its recorded payments",
        "SELECT p.number, p.paid_fen, coalesce(sum(m.amount_fen), 0) FROM payables p"
        " LEFT JOIN payments m ON m.payable_id = p.id GROUP BY p.id"
        " HAVING p.paid_fen <> coalesce(sum(m.amount_fen), 0)",
    ),
    Check(
        "completed_when_paid", "orders", "应付款全部付清时合同才完成",
        "A contract is completed exactly when all its payables are paid",
        "SELECT c.number, c.state FROM contracts c"  # noqa: S608  constants
        f" WHERE c.state IN {_SIGNED} AND (c.state = 'completed') <>"
        "  (NOT EXISTS (SELECT 1 FROM payables p WHERE p.contract_id = c.id"
        "   AND p.state NOT IN ('paid', 'paid_late')))",
    ),
    Check(
        "fulfilled_when_completed", "orders", "合同完成时需求才算履行完毕",
        "A demand is fulfilled exactly when its contract is completed",
        "SELECT d.number, d.state, c.state FROM demands d JOIN contracts c ON c.id = d.contract_id"
        " WHERE (d.state = 'fulfilled') <> (c.state = 'completed')",
    ),
    # By the quote's own row too: a withdrawn one was never opened, whatever its facts say.
    Check(
        "sealed_quotes_stay_sealed", "orders", "未开启报价的条件不在任何事实中",
        "No fact carries the terms of a quote that was not opened",
        "SELECT e.event_id, e.type FROM outbox e"
        " JOIN quotes q ON q.id = (e.envelope->>'subject')::uuid"
        " WHERE e.type LIKE 'quote.%'"
        " AND (q.opened_at IS NULL OR e.envelope->'data'->>'state' = 'sealed')"
        " AND coalesce(e.envelope->'data'->>'price_fen', e.envelope->'data'->>'delivery_days',"
        "  e.envelope->'data'->>'note') IS NOT NULL",
    ),
)  # fmt: skip
FIGURES = (
    Figure("orders", "orders", "SELECT count(*) FROM demands"),
    Figure("quotes", "orders", "SELECT count(*) FROM quotes"),
    Figure("contracts", "orders", "SELECT count(*) FROM contracts"),
)
