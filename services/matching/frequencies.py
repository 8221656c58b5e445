"""In how many supplies on offer a word occurs: exactly those that are, whatever came and went."""

import numpy as np

from services.matching.ragged import Ints, Values

# Words are counted by a part of their number: of a market's hundred thousand different words one
# in forty shares its count with another, and 16 MB are all that it ever takes.
COUNTS = 1 << 22


class Frequencies:
    """Follows the columns: a supply's words are added when it comes and taken when it goes."""

    def __init__(self) -> None:
        self._counts = np.zeros(COUNTS, np.int32)

    def add(self, numbers: Values) -> None:
        """One more supply has these words."""
        self._counts[_places(numbers)] += 1

    def take(self, numbers: Values) -> None:
        """One supply less has them."""
        self._counts[_places(numbers)] -= 1

    def of(self, numbers: Values) -> Ints:
        """Of each of these words."""
        found: Ints = self._counts[numbers % COUNTS].astype(np.int64)
        return found


def _places(numbers: Values) -> Values:
    """Each once, however often the supply says it."""
    return np.unique(numbers % COUNTS)
