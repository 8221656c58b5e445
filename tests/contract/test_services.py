"""Whoever is said to answer a command or a query does."""

import importlib

import pytest

from services.contracts.declare import Command, Query
from services.contracts.registry import COMMANDS, QUERIES
from services.messaging.rpc_server import RpcMethod
from services.process import PROGRAMS

OWN = "gateway"  # it carries its own out without asking anybody


def methods() -> set[tuple[str, str]]:
    """(service, method) of everything that is called by RPC."""
    programs = PROGRAMS.values()
    classes = [getattr(importlib.import_module(one.module), one.name) for one in programs]
    return {
        (service.name, entry.name)
        for service in classes
        for method in vars(service).values()
        for entry in getattr(method, "nameko_entrypoints", ())
        if isinstance(entry, RpcMethod)
    }


@pytest.mark.parametrize(
    "declared", [*COMMANDS.values(), *QUERIES.values()], ids=lambda one: one.name
)
def test_it_is_a_way_into_that_service(declared: Command | Query) -> None:
    assert (declared.service, declared.name) in methods() or declared.service == OWN


def test_no_service_answers_what_nobody_declared() -> None:
    declared = {(one.service, one.name) for one in (*COMMANDS.values(), *QUERIES.values())}
    assert methods() <= declared


def test_a_demand_is_read_by_whoever_has_the_reader() -> None:
    query = QUERIES["read_demand"]
    assert (query.service, query.aggregate.service) == ("matching", "orders")
    assert (query.path, query.scope) == ("/demands/read", "demands:write")
