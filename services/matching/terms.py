"""The words of a demand that supplies say as well, as a match shows them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from services.matching import overlap
from services.matching.ragged import Ints, Values
from services.matching.sides import Wanted

SHOWN = 20  # what fits on a screen


def shared(wanted: Wanted, said: Iterable[int]) -> list[str]:
    """The demand's words that are among these numbers of words, in the demand's order."""
    numbers = np.fromiter(said, np.uint32)
    found = shared_by_each(wanted, numbers, np.zeros(len(numbers), np.int64))
    return found.get(0, [])


def shared_by_each(wanted: Wanted, numbers: Values, owners: Ints) -> Mapping[int, list[str]]:
    """The same of many, by owner: the numbers of their words, and whose each is."""
    terms = [*wanted.numbered.values()]
    places, which = overlap.found(numbers, np.array([*wanted.numbered], np.uint32))
    once = np.unique(owners[places] * len(terms) + which)  # of each owner in the demand's order
    found: defaultdict[int, list[str]] = defaultdict(list)
    for one in once.tolist():
        owner, word = divmod(one, len(terms))
        found[owner].append(terms[word])
    return {owner: words[:SHOWN] for owner, words in found.items()}
