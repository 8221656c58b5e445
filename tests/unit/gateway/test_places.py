"""What is dear is done by so many at once, and by one caller never by all; all others go on."""

import pytest

from services.contracts.problems import Problem
from services.gateway.edge import places
from services.gateway.edge.places import HASHING, PASSWORDS_AT_ONCE, Places
from services.gateway.edge.routes import ROUTES

A, B = "192.0.2.7", "192.0.2.8"
BY_ACTION = {route.action: route for route in ROUTES}


def test_who_waits_too_long_for_a_hash_is_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "PATIENCE_S", 0.05)
    held = Places(10)
    assert PASSWORDS_AT_ONCE == 2
    with held.held(BY_ACTION["sign_in"], A), held.held(BY_ACTION["activate"], B):
        for action in HASHING:
            with pytest.raises(Problem, match="unavailable"), held.held(BY_ACTION[action], A):
                pass
        for action in ("session", "sign_out", "list", "command"):
            with held.held(BY_ACTION[action], A):
                pass
    with held.held(BY_ACTION["password"], A):
        pass


def test_one_caller_alone_leaves_places_to_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PATIENCE_S", 0.05)
    held = Places(12)
    route = BY_ACTION["portfolio"]
    with held.held(route, "zhao"):
        with pytest.raises(Problem, match="unavailable"), held.held(route, "zhao"):
            pass
        with held.held(route, "sun"):
            pass
        with held.held(BY_ACTION["list"], "zhao"):
            pass
    with held.held(route, "zhao"):
        pass
