"""All aggregates, facts, commands and queries of the platform."""

from services.contracts import (
    application,
    contract,
    demand,
    exposure,
    importing,
    joining,
    loan,
    party,
    product,
    reading,
    receivable,
    signatories,
    supply,
    webhook,
)
from services.contracts.declare import Aggregate, Command, EventType, Query

MODULES = (
    party, joining, webhook, demand, reading, contract, supply, importing, exposure, receivable,
    product, application, loan, signatories,
)  # fmt: skip
AGGREGATES: dict[str, Aggregate] = {
    value.name: value
    for module in MODULES
    for value in vars(module).values()
    if isinstance(value, Aggregate)
}
EVENTS: dict[str, EventType] = {
    event.name: event
    for aggregate in AGGREGATES.values()
    for event in map(aggregate.event, aggregate.past)
}
COMMANDS: dict[str, Command] = {
    command.name: command
    for aggregate in AGGREGATES.values()
    for command in aggregate.commands.values()
}
QUERIES: dict[str, Query] = {
    query.name: query for aggregate in AGGREGATES.values() for query in aggregate.queries.values()
}


def events_of(aggregate: Aggregate) -> tuple[str, ...]:
    """The names of all facts of one aggregate, as a subscription lists them."""
    return tuple(aggregate.event(past).name for past in aggregate.past)
