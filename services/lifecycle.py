"""A state machine as a table of moves. A move that is not in the table raises."""

from collections.abc import Mapping
from dataclasses import dataclass


class IllegalMove(Exception):
    """The aggregate's state does not allow this verb. Answered as 409."""

    def __init__(self, aggregate: str, state: str, verb: str) -> None:
        super().__init__(f"{aggregate}: cannot {verb} from {state}")
        self.aggregate, self.state, self.verb = aggregate, state, verb


@dataclass(frozen=True)
class Lifecycle:
    """`moves[(state, verb)]` is the next state; `initial` is where a new one starts."""

    aggregate: str
    initial: str
    moves: Mapping[tuple[str, str], str]

    def next(self, state: str, verb: str) -> str:
        """The state after `verb`. Raises IllegalMove when the table has no such move."""
        try:
            return self.moves[state, verb]
        except KeyError:
            raise IllegalMove(self.aggregate, state, verb) from None

    def allows(self, state: str, verb: str) -> bool:
        return (state, verb) in self.moves

    @property
    def states(self) -> frozenset[str]:
        return frozenset({self.initial, *self.moves.values(), *(state for state, _ in self.moves)})

    @property
    def verbs(self) -> frozenset[str]:
        return frozenset(verb for _, verb in self.moves)

    def ends(self, state: str) -> bool:
        """Whether no verb leads out of `state`."""
        return all(start != state for start, _ in self.moves)
