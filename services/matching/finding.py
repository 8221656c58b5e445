"""By which words an open demand is found by a supply that is new, the other way round. Pure.

No score: whoever shares rare words with a supply is ranked again, and that decides.
"""

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Any

from services.contracts import capabilities
from services.matching import kinds, profile
from services.matching.sides import Wanted

# Of a demand, title first, and of a supply: what either is about is said in the first few dozen
# words, and each of them is an entry of an index or a look into it.
DEMAND_WORDS, SUPPLY_WORDS = 40, 60
FIRST_WORDS = 30  # of what a supply says, before those of its deals
DEALS = 5  # whose titles are looked at, the newest

State = Mapping[str, Any]


def of_demand(wanted: Wanted) -> list[str]:
    """Its words and the capabilities that it asks for."""
    return [*wanted.terms[:DEMAND_WORDS], *_facets(wanted.capabilities)]


def of_supply(state: State) -> list[str]:
    """The words of what it is called, holds, says and has done, and what it is capable of."""
    _, read, texts = profile.known(state)
    did = chain.from_iterable(texts.deals[:DEALS])
    said = dict.fromkeys(chain(texts.said[:FIRST_WORDS], did, texts.said[FIRST_WORDS:]))
    able = dict.fromkeys((*read.capable, *read.qualified))
    codes = (capabilities.CAPABILITIES[number].code for number in able)
    return [*islice(said, SUPPLY_WORDS), *_facets(codes)]


def demand_kinds(state: State) -> list[str]:
    """The kinds of demands that it answers."""
    return kinds.answered_by(state["kind"])


def _facets(codes: Iterable[str]) -> list[str]:
    """As words that no text contains."""
    return [f"#{code}" for code in codes]
