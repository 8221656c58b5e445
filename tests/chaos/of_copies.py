"""Row 7: facts that were handled long ago come once more, late and in any order."""

import random
import time

from deploy.sails.database import SERVICES
from services.contracts.envelope import Event
from services.contracts.registry import EVENTS
from services.messaging.confirms import ConfirmWindow
from services.messaging.envelope import to_message
from tests.chaos.field import Field
from tests.chaos.plan import COPIES, Fault

CONFIRM_TIMEOUT_S = 20.0
PUBLISHED = "SELECT envelope FROM outbox WHERE position IS NOT NULL"


def copies(fault: Fault, field: Field) -> None:
    """To whoever they were for: each must be suppressed, by the inbox or by its sequence."""
    facts = [
        Event.from_json(envelope)
        for service in SERVICES
        for (envelope,) in field.stage.rows(service, PUBLISHED)
    ]
    rng = random.Random(fault.draw)
    chosen = rng.sample(facts, min(COPIES, len(facts)))
    window = ConfirmWindow.open(field.stage.layout.environment["AMQP_URI"])
    with window.connection:
        for fact in chosen:
            window.publish(to_message(fact), EVENTS[fact.type].exchange, fact.type)
        window.settle(CONFIRM_TIMEOUT_S)
    field.recovered("copies", time.monotonic(), f"{len(chosen)} facts")
