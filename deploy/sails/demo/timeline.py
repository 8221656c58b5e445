"""The thread as one timeline, as the API tells it to one party: who, when, how much."""

from datetime import datetime

from rich.table import Table

from deploy.sails.demo.person import Document, Person
from deploy.sails.demo.shared_clock import SHANGHAI
from deploy.sails.demo.words import word


def of_thread(person: Person, thread_id: str) -> Table:
    """Everything of the thread that this person's organisation may know, in order."""
    drawn = Table(*(word(f"column-{name}") for name in ("when", "who", "what", "amount")))
    for fact in person.sees(f"/threads/{thread_id}/timeline")["items"]:
        drawn.add_row(*_row(fact))
    return drawn


def _row(fact: Document) -> tuple[str, str, str, str]:
    """The business day with the real time of day: a demonstration's days pass within seconds."""
    moment = datetime.fromisoformat(fact["occurred_at"]).astimezone(SHANGHAI)
    actor = fact["actor"]["name"] if fact["actor"] else word("system")
    amount = f"{float(fact['amount']['amount']):,.2f}" if fact["amount"] else ""
    what = f"{fact['number'] or ''} {fact['type'].removesuffix('.v1')}"
    return f"{fact['business_date']} {moment:%H:%M:%S}", actor, what.strip(), amount
