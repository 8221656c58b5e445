"""Every state with every verb: the tables allow exactly what is listed."""

import itertools

import pytest

from services.lifecycle import IllegalMove
from services.matching.lifecycle import IMPORT, MATCH, RESERVATION, SUPPLY

LIFECYCLES = (SUPPLY, IMPORT, MATCH, RESERVATION)
EVERY_PAIR = [
    (table, state, verb)
    for table in LIFECYCLES
    for state, verb in itertools.product(sorted(table.states), sorted(table.verbs))
]


@pytest.mark.parametrize(("table", "state", "verb"), EVERY_PAIR)
def test_a_move_is_in_the_table_or_raises(table, state, verb):
    if (state, verb) in table.moves:
        assert table.next(state, verb) in table.states
    else:
        with pytest.raises(IllegalMove):
            table.next(state, verb)


@pytest.mark.parametrize("table", LIFECYCLES)
def test_every_state_can_be_reached(table):
    reached = {table.initial}
    for _ in table.moves:
        reached |= {table.moves[move] for move in table.moves if move[0] in reached}
    assert reached == table.states


def test_an_archived_supply_is_at_its_end():
    assert SUPPLY.ends("archived")
    assert not SUPPLY.allows("draft", "activate")  # nobody skips the operator's check


def test_only_the_operators_check_or_an_import_activates():
    assert {verb for (_, verb), end in SUPPLY.moves.items() if end == "active"} == {
        "activate",
        "import",
    }


@pytest.mark.parametrize("state", ["won", "interested", "quoted", "declined"])
def test_nobody_is_told_twice(state):
    assert not MATCH.allows(state, "send")


def test_what_was_signed_stays_won():
    assert MATCH.ends("won")


def test_capacity_is_used_only_after_it_was_reserved():
    assert {state for state, verb in RESERVATION.moves if verb == "use"} == {"reserved"}


def test_what_is_stale_is_looked_at_before_it_is_on_offer_again():
    assert SUPPLY.next("stale", "refresh") == "verifying"
    assert {end for (state, _), end in SUPPLY.moves.items() if state == "stale"} == {
        "stale", "verifying", "archived",
    }  # fmt: skip
