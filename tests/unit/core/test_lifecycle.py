"""A table of moves allows what it lists and nothing else."""

import pytest

from services.lifecycle import IllegalMove, Lifecycle

DOOR = Lifecycle("door", "shut", {("shut", "open"): "open", ("open", "shut"): "shut"})


def test_every_move_of_the_full_product_is_in_the_table_or_raises() -> None:
    for state in DOOR.states:
        for verb in DOOR.verbs:
            if DOOR.allows(state, verb):
                assert DOOR.next(state, verb) == DOOR.moves[state, verb]
            else:
                with pytest.raises(IllegalMove):
                    DOOR.next(state, verb)


def test_a_state_without_a_way_out_ends() -> None:
    lamp = Lifecycle("lamp", "new", {("new", "burn"): "dead"})
    assert lamp.ends("dead")
    assert not lamp.ends("new")
