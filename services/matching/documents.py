"""What the index keeps of a supply, and the stamp that says how.

A supply is one document, and each of its newest deals is one besides: both carry its id, so that
it is replaced as a whole, its number and what queries filter by. The supply's own document keeps
all that the columns need: they are read from the index, not derived anew, when a process starts.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from itertools import chain
from typing import Any, NamedTuple

import tantivy

from services.contracts import capabilities
from services.contracts.places import path
from services.matching import kinds, regions
from services.matching.asking import Filters
from services.matching.facts import STATED, running
from services.matching.profile import UNKNOWN, Known, Profile, State
from services.matching.words import WORDS_VERSION

SCHEMA_VERSION = 5  # raise it with any change to `schema`, `documents` or `Profile`
STAMP = (
    f"words-{WORDS_VERSION}.capabilities-{capabilities.STAMP}.schema-{SCHEMA_VERSION}"
    f".rjieba-{version('rjieba')}.tantivy-{version('tantivy')}"  # the former has the dictionary
    f".places-{version('python-stdnum')}.script-{version('proces')}"
)
ANYWHERE = "*"  # the region token of a supply that serves no province in particular


def schema() -> tantivy.Schema:
    """The fields of the index."""
    builder = tantivy.SchemaBuilder()
    for name in ("id", "supplier_id", "answers"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("text", "deal"):  # words are cut by us and joined by spaces
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("price_min_fen", indexed=True, fast=True)
    # What a hit is about, for which no stored document is read: the running part of the supply's
    # number, drawn from one sequence for all of them.
    builder.add_unsigned_field("number", fast=True)
    builder.add_boolean_field("is_itself", indexed=True)
    builder.add_bytes_field("kept", stored=True)
    return builder.build()


def documents(known: Known) -> Iterator[tantivy.Document]:
    """A supply as the embedded index keeps it: itself, then its deals."""
    text, deals, kept = written(known)
    itself = _document(known.state)
    itself.add_text("text", text)
    itself.add_bytes("kept", kept)
    itself.add_boolean("is_itself", True)
    yield itself
    for deal in deals:
        found = _document(known.state)
        found.add_text("deal", deal)
        yield found


class Written(NamedTuple):
    """Words and facets joined by spaces, of the supply and of each deal, and `packed`."""

    text: str
    deals: Sequence[str]
    kept: bytes


def written(known: Known) -> Written:
    """What an index is given to search in, and to keep."""
    _, read, said = known
    own_facets = facets((*read.capable, *read.qualified), read.home)
    deals = [
        " ".join([*words, *facets([deal.capability], [deal.place])])
        for words, deal in zip(said.deals, read.deals, strict=True)
    ]
    text = " ".join([*said.said, *own_facets, *chain(*said.deals)])
    return Written(text, deals, packed(known))


def facets(capabilities: Iterable[int], places: Iterable[int]) -> list[str]:
    """Capabilities, and places with those that they lie in, as words that no text contains."""
    known = [place for place in places if place != UNKNOWN]
    within = {one for place in known for one in path(place)}
    does = [capability_facet(one) for one in capabilities if one != UNKNOWN]
    return does + sorted(map(place_facet, within))


def capability_facet(capability: int) -> str:
    return f"#{capability}"


def place_facet(place: int) -> str:
    return f"@{place}"


def packed(known: Known) -> bytes:
    """What `unpacked` gives back."""
    return json.dumps(
        [{name: known.state.get(name) for name in STATED}, known.profile.lists()]
    ).encode()


def unpacked(kept: bytes) -> Known:
    """The profile, and of the state what constraints look at."""
    state, lists = json.loads(kept)
    return Known(state, Profile.of(lists))


def fields(state: State) -> dict[str, Any]:
    """The number, and what queries filter by.

    `answers`: the kinds of demands that it answers, anywhere and in each province that it serves:
    a kind and a place are one word, for each filter of a query costs it a quarter of its time.
    """
    places = sorted(regions.provinces(state["regions"]) or [ANYWHERE])
    answered = kinds.answered_by(state["kind"])
    return {
        "number": running(state["number"]),
        "supplier_id": state["supplier_id"],
        "answers": [*answered, *(_at(kind, place) for kind in answered for place in places)],
        "price_min_fen": state["price_min_fen"] or 0,
    }


def answering(filters: Filters) -> list[str]:
    """Of `answers` those of which a supply has to have one."""
    kind, region = filters.demand_kind, filters.region
    wanted = regions.provinces([region] if region else [])
    return [_at(kind, place) for place in (*sorted(wanted), ANYWHERE)] if wanted else [kind]


def _at(kind: str, place: str) -> str:
    return f"{kind}/{place}"


def _document(state: State) -> tantivy.Document:
    """With the id, the number and what queries filter by."""
    found, given = tantivy.Document(), fields(state)
    found.add_text("id", state["id"])
    found.add_text("supplier_id", given["supplier_id"])
    for answer in given["answers"]:
        found.add_text("answers", answer)
    found.add_integer("price_min_fen", given["price_min_fen"])
    found.add_unsigned("number", given["number"])
    return found
