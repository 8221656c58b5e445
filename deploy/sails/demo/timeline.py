"""The thread as one timeline, as the API tells it to one party: who, when, how much."""

from datetime import datetime

from rich.table import Table

from deploy.sails.demo.facts import fact
from deploy.sails.demo.person import Document, Person
from deploy.sails.demo.words import word
from services.days import SHANGHAI


def of_thread(person: Person, thread_id: str) -> Table:
    """Everything of the thread that this person's organisation may know, in order."""
    drawn = Table(box=None, pad_edge=False)
    for name in ("when", "who", "what", "number"):
        drawn.add_column(word(f"column-{name}"), no_wrap=True)
    drawn.add_column(word("column-amount"), justify="right", no_wrap=True)
    for told in person.client.items(f"/threads/{thread_id}/timeline"):
        drawn.add_row(*_row(told))
    return drawn


def _row(told: Document) -> tuple[str, str, str, str, str]:
    """The business day with the real time of day: a demonstration's days pass within seconds."""
    moment = datetime.fromisoformat(told["occurred_at"]).astimezone(SHANGHAI)
    actor = told["actor"]["name"] if told["actor"] else word("system")
    amount = f"{float(told['amount']['amount']):,.2f}" if told["amount"] else ""
    when = f"{told['business_date']} {moment:%H:%M:%S}"
    return when, actor, fact(told["type"]), told["number"] or "", amount
