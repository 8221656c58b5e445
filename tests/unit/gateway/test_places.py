"""Passwords are hashed by so many at once; all others go on."""

import pytest

from services.contracts.problems import Problem
from services.gateway.edge import places
from services.gateway.edge.places import HASHING, PASSWORDS_AT_ONCE, Places
from services.gateway.edge.routes import ROUTES

BY_ACTION = {route.action: route for route in ROUTES}


def test_who_waits_too_long_for_a_hash_is_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "PATIENCE_S", 0.05)
    held = Places(10)
    assert PASSWORDS_AT_ONCE == 2
    with held.held(BY_ACTION["sign_in"]), held.held(BY_ACTION["activate"]):
        for action in HASHING:
            with pytest.raises(Problem, match="unavailable"), held.held(BY_ACTION[action]):
                pass
        for action in ("session", "sign_out", "list", "command"):
            with held.held(BY_ACTION[action]):
                pass
    with held.held(BY_ACTION["password"]):
        pass
