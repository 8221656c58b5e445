"""What is damaged behind the services' back, to see that the checker finds it.

Of each case one row is changed in some columns, or deleted. In `where`, `{thread}`, `{claim}` and
`{loan}` are those of a deal whose loan runs; `{settled}` is the thread of one that is over.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Damage:
    """`changes`: column → expression; without any the row is deleted.

    `also`: statements that cannot hold either. `still`: the process that would mend it by itself,
    or go on from what it finds, and is stopped meanwhile.
    """

    statement: str
    service: str
    table: str
    where: str
    changes: dict[str, str] = field(default_factory=dict)
    also: frozenset[str] = frozenset()
    still: str | None = None


def _newest(table: str) -> str:
    """The one with the highest position, also once that has been taken away."""
    return f"id = (SELECT id FROM {table} ORDER BY position DESC NULLS FIRST LIMIT 1)"


def _fact(type_: str) -> str:
    """One fact of the deal whose loan runs."""
    return (
        "id = (SELECT max(id) FROM outbox"
        f" WHERE type = '{type_}.v1' AND envelope->'data'->>'thread_id' = '{{thread}}')"
    )


def _in_fact(path: str, value: str) -> dict[str, str]:
    return {"envelope": f"jsonb_set(envelope, '{{{path}}}', '{value}')"}


_ENTERED = (
    "reply->'events'->0->>'type' = 'receivable.entered.v1'"
    " AND reply->'events'->0->>'subject' = '{claim}'"
)
_NOBODY = "01900000-0000-7000-8000-000000000000"
_LATER = "interval '1 day'"

OF_MESSAGING = (
    Damage("outbox_empty", "orders", "outbox", _newest("outbox"), {"position": "NULL"},
           still="orders"),
    Damage("positions_dense", "finance", "outbox", _newest("outbox"),
           {"position": "position + 1"}, still="finance"),
    Damage("answers_kept", "finance", "idempotency", _ENTERED, {"reply": "NULL"}),
    Damage("answers_have_effects", "finance", "idempotency", _ENTERED,
           {"reply": f"jsonb_set(reply, '{{events,0,id}}', '\"{_NOBODY}\"')"}),
    Damage("sequences_without_gap", "finance", "outbox",
           "envelope->>'subject' = '{claim}' AND envelope->>'sequence' = '2'",
           _in_fact("sequence", "77"), frozenset({"receivable_as_told"})),
    Damage("deadlines_materialised", "finance", "deadlines",
           "subject_id = '{loan}' AND verb = 'fall_due'", {"due_at": "'2001-01-01'"},
           still="finance"),
)  # fmt: skip
OF_BROKER = (
    Damage("facts_acted_on", "matching", "inbox",
           "handler = 'matching.propose_matches'"
           " AND handled_at = (SELECT max(handled_at) FROM inbox"
           " WHERE handler = 'matching.propose_matches')"),
)  # fmt: skip
OF_ORDERS = (
    Damage("payables_sum", "orders", "payables", "thread_id = '{thread}'",
           {"amount_fen": "amount_fen + 1"}),
    Damage("signed_by_both", "orders", "signatures",
           "contract_id = (SELECT id FROM contracts WHERE thread_id = '{thread}')"
           " AND party_id = (SELECT buyer_id FROM contracts WHERE thread_id = '{thread}')"),
    Damage("delivered_within_contract", "orders", "deliveries", "thread_id = '{thread}'",
           {"amount_fen": "amount_fen * 2"}),
    Damage("paid_as_recorded", "orders", "payments",
           "payable_id = (SELECT id FROM payables WHERE thread_id = '{settled}')",
           {"amount_fen": "amount_fen - 1"}),
    Damage("claims_pay_what_was_received", "orders", "payments",
           "payable_id = (SELECT id FROM payables WHERE thread_id = '{settled}')",
           {"amount_fen": "amount_fen + 1"}, frozenset({"paid_as_recorded"})),
    Damage("completed_when_paid", "orders", "contracts", "thread_id = '{settled}'",
           {"state": "'active'"},
           frozenset({"contract_as_told", "contract_shown", "fulfilled_when_completed"})),
    Damage("fulfilled_when_completed", "orders", "demands", "id = '{thread}'",
           {"state": "'fulfilled'"},
           frozenset({"demand_as_told", "demand_shown", "ended_demands_hold_nothing"})),
    Damage("sealed_quotes_stay_sealed", "orders", "outbox", _fact("quote.sealed"),
           _in_fact("data,price_fen", "1")),
    Damage("sealed_quotes_stay_sealed", "orders", "quotes",
           "thread_id = '{thread}' AND state = 'accepted'", {"opened_at": "NULL"}),
)  # fmt: skip
OF_MATCHING = (
    Damage("capacity_is_reservations", "matching", "supplies",
           "id = (SELECT min(id::text)::uuid FROM supplies WHERE capacity_declared > 9)",
           {"capacity_reserved": "capacity_reserved + 1", "capacity_free": "capacity_free - 1"}),
    Damage("ended_demands_hold_nothing", "matching", "reservations", "demand_id = '{settled}'",
           {"state": "'used'", "units": "0"}),
)  # fmt: skip
OF_FINANCE = (
    Damage("allocated_is_positions", "finance", "receivables", "id = '{claim}'",
           {"allocated_fen": "allocated_fen - 1"}),
    Damage("settled_is_positions", "finance", "receivables", "thread_id = '{settled}'",
           {"settled_fen": "settled_fen - 1"}, frozenset({"claims_pay_what_was_received"})),
    Damage("settled_is_received", "finance", "repayments",
           "loan_id = (SELECT id FROM loans WHERE thread_id = '{settled}')",
           {"amount_fen": "amount_fen - 1", "surplus_fen": "surplus_fen - 1"}),
    Damage("settled_is_received", "finance", "repayments",
           "loan_id = (SELECT id FROM loans WHERE thread_id = '{settled}')",
           {"payer": "'borrower'", "debtor_id": "NULL"}),
    Damage("settled_is_received", "finance", "repayments",
           "loan_id = (SELECT id FROM loans WHERE thread_id = '{settled}')",
           {"debtor_id": f"'{_NOBODY}'"}),
    Damage("confirmed_by_two", "finance", "receivables", "id = '{claim}'",
           {"confirmation_signature": "NULL"}),
    Damage("confirmed_within_contract", "finance", "payable_copies",
           "contract_id = (SELECT contract_id FROM receivables WHERE id = '{claim}')",
           {"amount_fen": "1"}),
    Damage("invoice_is_claims", "finance", "invoices",
           "number = (SELECT invoice_number FROM receivables WHERE id = '{claim}')",
           {"allocated_fen": "allocated_fen - 1"}),
    Damage("limits_are_reservations", "finance", "limits",
           "id = (SELECT min(id::text)::uuid FROM limits WHERE used_fen > 0)",
           {"used_fen": "used_fen - 1"}),
    Damage("ledger_is_loans", "finance", "loans", "id = '{loan}'",
           {"principal_paid_fen": "principal_paid_fen + 1"}),
    Damage("funded_when_paid", "finance", "positions", "receivable_id = '{claim}'",
           {"state": "'acknowledged'"}, frozenset({"position_as_told", "position_shown"})),
    Damage("no_payout_before_gates", "finance", "positions", "receivable_id = '{claim}'",
           {"noticed_at": f"noticed_at + {_LATER}"}),
    Damage("no_payout_before_gates", "finance", "positions", "receivable_id = '{claim}'",
           {"filed_at": f"filed_at + {_LATER}"}),
    Damage("no_payout_before_gates", "finance", "positions", "receivable_id = '{claim}'",
           {"search": "'prior_claims'"}),
    Damage("sealed_offers_stay_sealed", "finance", "outbox", _fact("offer.sealed"),
           _in_fact("data,rate_bp", "1")),
    Damage("sealed_offers_stay_sealed", "finance", "offers",
           "thread_id = '{thread}' AND state = 'fulfilled'", {"opened_at": "NULL"}),
)  # fmt: skip
OF_GATEWAY = (
    Damage("feed_dense", "gateway", "feed", "position = (SELECT max(position) - 1 FROM feed)"),
    Damage("keys_hashed", "gateway", "api_keys", "id = (SELECT min(id::text)::uuid FROM api_keys)",
           {"secret_sha256": "'secret'"}),
    Damage("verified_have_codes", "gateway", "parties",
           "id = (SELECT min(id::text)::uuid FROM parties WHERE verified_until IS NOT NULL)",
           {"credit_code": "NULL"}),
    Damage("views_are_newest", "gateway", "views",
           "kind = 'demand' AND id = '{thread}' AND audience = 'public'",
           {"sequence": "sequence - 1"}),
    Damage("parties_see_their_own", "gateway", "views",
           "kind = 'loan' AND id = '{loan}' AND audience ="
           " (SELECT min(audience) FROM views WHERE id = '{loan}' AND audience LIKE 'party:%')"),
)  # fmt: skip
DAMAGES = (*OF_MESSAGING, *OF_BROKER, *OF_ORDERS, *OF_MATCHING, *OF_FINANCE, *OF_GATEWAY)
