"""The names of all queues that facts lie in, per service.

Spelled out here on purpose: the checker does not ask the code that it checks. A test holds the
list against what the services subscribe to.
"""

HANDLERS: dict[str, tuple[str, ...]] = {
    "orders": (
        "keep_parties", "keep_users", "keep_matches", "keep_claims", "note_capacity",
        "settle_receivable", "follow_clock",
    ),
    "matching": (
        "keep_parties", "follow_party", "propose_matches", "find_demands", "end_matches",
        "follow_quotes", "follow_awards", "keep_deals", "follow_clock",
    ),
    "finance": (
        "keep_parties", "keep_users", "keep_mandates", "keep_contracts", "keep_payables",
        "note_report", "note_payment", "follow_clock",
    ),
    "gateway": ("keep_own", "keep_orders", "keep_matching", "keep_finance"),
}  # fmt: skip
# Of those, the ones that act on a fact and note it: queue -> (who publishes, which facts). The
# others keep copies, by the newest state.
_OPENED = ("demand.published.v1", "demand.amended.v1", "demand.reopened.v1")
_MOVED_ON = (
    "demand.closed.v1", "demand.awarded.v1", "demand.award_confirmed.v1", "demand.award_lapsed.v1",
    "demand.contracted.v1", "demand.fulfilled.v1", "demand.unsuccessful.v1", "demand.cancelled.v1",
)  # fmt: skip
_QUOTED = (
    "quote.sealed.v1", "quote.withdrawn.v1", "quote.invalidated.v1", "quote.opened.v1",
    "quote.accepted.v1", "quote.rejected.v1", "quote.expired.v1",
)  # fmt: skip
ACTING: dict[str, tuple[str, tuple[str, ...]]] = {
    "orders.note_capacity": ("matching", ("supply.reserved.v1", "supply.short.v1")),
    "orders.settle_receivable": ("finance", ("receivable.allocated.v1", "receivable.settled.v1")),
    "matching.follow_party": ("gateway", ("party.verified.v1",)),
    "matching.propose_matches": ("orders", _OPENED),
    "matching.end_matches": ("orders", _MOVED_ON),
    "matching.follow_quotes": ("orders", _QUOTED),
    "matching.follow_awards": ("orders", _MOVED_ON),
    "matching.keep_deals": ("orders", ("contract.completed.v1",)),
    "finance.note_report": ("orders", ("payable.payment_reported.v1",)),
    "finance.note_payment": ("orders", ("payable.paid.v1", "payable.paid_late.v1")),
}
BACKOFF_S = (1, 2, 4, 8)


def waiting() -> list[str]:
    """Where facts wait for their handler, for the first time or after it failed."""
    return [f"{service}.{handler}" for service in HANDLERS for handler in HANDLERS[service]] + [
        f"{service}.retry.{seconds}s" for service in HANDLERS for seconds in BACKOFF_S
    ]


def dead() -> list[str]:
    """What was given up."""
    return [f"{service}.dead" for service in HANDLERS]
