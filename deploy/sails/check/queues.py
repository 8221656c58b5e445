"""The names of all queues that facts lie in, per service.

Spelled out here on purpose: the checker does not ask the code that it checks. A test holds the
list against what the services subscribe to.
"""

HANDLERS: dict[str, tuple[str, ...]] = {
    "orders": (
        "keep_parties", "keep_users", "keep_matches", "note_capacity", "settle_receivable",
        "follow_clock",
    ),
    "matching": (
        "keep_parties", "follow_party", "propose_matches", "end_matches", "follow_quotes",
        "follow_awards", "follow_clock",
    ),
    "finance": (
        "keep_parties", "keep_users", "keep_mandates", "keep_contracts", "keep_payables",
        "note_payment", "follow_clock",
    ),
    "gateway": ("keep_own", "keep_orders", "keep_matching", "keep_finance"),
}  # fmt: skip
BACKOFF_S = (1, 2, 4, 8)


def waiting() -> list[str]:
    """Where facts wait for their handler, for the first time or after it failed."""
    return [f"{service}.{handler}" for service in HANDLERS for handler in HANDLERS[service]] + [
        f"{service}.retry.{seconds}s" for service in HANDLERS for seconds in BACKOFF_S
    ]


def dead() -> list[str]:
    """What was given up."""
    return [f"{service}.dead" for service in HANDLERS]
