"""The full product of states and verbs of everything that finance owns."""

import itertools

import pytest

from services.contracts.registry import AGGREGATES
from services.finance import lifecycle
from services.lifecycle import IllegalMove, Lifecycle

LIVES = [value for value in vars(lifecycle).values() if isinstance(value, Lifecycle)]
PRODUCT = [
    (life, state, verb)
    for life in LIVES
    for state, verb in itertools.product(sorted(life.states), sorted(life.verbs))
]


@pytest.mark.parametrize(("life", "state", "verb"), PRODUCT)
def test_a_move_is_in_the_table_or_raises(life: Lifecycle, state: str, verb: str) -> None:
    if (state, verb) in life.moves:
        assert life.next(state, verb) == life.moves[state, verb]
        return
    with pytest.raises(IllegalMove) as refused:
        life.next(state, verb)
    assert (refused.value.state, refused.value.verb) == (state, verb)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.aggregate)
def test_every_state_can_be_reached(life: Lifecycle) -> None:
    reached, edge = {life.initial}, {life.initial}
    while edge:
        edge = {to for (start, _), to in life.moves.items() if start in edge} - reached
        reached |= edge
    assert reached == life.states


def test_there_is_a_life_for_every_aggregate_of_finance() -> None:
    owned = {a.name for a in AGGREGATES.values() if a.service == "finance"}
    assert {life.aggregate for life in LIVES} == owned


@pytest.mark.parametrize(
    ("life", "ends"),
    [
        (lifecycle.RECEIVABLE, {"rejected", "withdrawn", "settled"}),
        (lifecycle.AUTHORISATION, {"revoked", "expired"}),
        (lifecycle.PRODUCT, {"retired"}),
        (lifecycle.LIMIT, {"rejected", "withdrawn"}),
        (lifecycle.APPLICATION, {"declined", "withdrawn", "expired", "closed"}),
        (lifecycle.POSITION, {"released", "settled", "short_paid"}),
        (lifecycle.OFFER, {"rejected", "withdrawn", "expired", "fulfilled", "lapsed"}),
        (lifecycle.LOAN, {"paid"}),
    ],
)
def test_only_these_states_are_final(life: Lifecycle, ends: set[str]) -> None:
    assert {state for state in life.states if life.ends(state)} == ends


def test_a_funded_position_is_never_released() -> None:
    assert not lifecycle.POSITION.allows("funded", "release")


def test_a_payout_that_is_unknown_is_never_instructed_again() -> None:
    assert not lifecycle.LOAN.allows("unknown", "instruct")
    assert not lifecycle.LOAN.allows("instructed", "instruct")
