"""What the index keeps of a supply, and the stamp that says how.

A supply is one document, and each of its newest deals is one besides: both carry its id, so that
it is replaced as a whole, its number and what queries filter by. The supply's own document keeps
all that the columns need: they are read from the index, not derived anew, when a process starts.
"""

import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import chain

import tantivy

from services.contracts import capabilities
from services.matching import kinds, localities, regions
from services.matching.facts import STATED, running
from services.matching.profile import UNKNOWN, Known, Profile, State, newest
from services.matching.words import WORDS_VERSION, words

SCHEMA_VERSION = 2  # raise it with any change to `schema`, `documents` or `Profile`
TANTIVY = version("tantivy")
STAMP = (
    f"words-{WORDS_VERSION}.capabilities-{capabilities.STAMP}.schema-{SCHEMA_VERSION}"
    f".tantivy-{TANTIVY}"
)
ANYWHERE = "*"  # the region token of a supply that serves no province in particular
ITSELF = 0  # the ordinal of a supply's own document; its deals count from 1
# An address is the running number of the supply, drawn from one sequence for all of them, times
# this, plus the ordinal: what a hit is about is one number, which no stored document is read for.
ORDINALS = 64


def schema() -> tantivy.Schema:
    """The fields of the index."""
    builder = tantivy.SchemaBuilder()
    for name in ("id", "demand_kinds", "supplier_id", "provinces"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("text", "deal"):  # words are cut by us and joined by spaces
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("price_min_fen", indexed=True, fast=True)
    builder.add_unsigned_field("address", fast=True)
    builder.add_unsigned_field("ordinal", indexed=True)
    builder.add_bytes_field("kept", stored=True)
    return builder.build()


def documents(known: Known) -> Iterator[tantivy.Document]:
    """A supply as the index keeps it: itself, then its deals."""
    state, read = known
    newest_first = newest(state["track_record"])
    did = [words(record["title"]) for record in newest_first]
    own_facets = facets((*read.capable, *read.qualified), read.home)
    itself = _document(state, ITSELF)
    itself.add_text("text", " ".join([*words(described(state)), *own_facets, *chain(*did)]))
    itself.add_bytes("kept", packed(known))
    yield itself
    for ordinal, (title, deal) in enumerate(zip(did, read.deals, strict=True), start=ITSELF + 1):
        found = _document(state, ordinal)
        found.add_text("deal", " ".join([*title, *facets([deal.capability], [deal.place])]))
        yield found


def facets(capabilities: Iterable[int], places: Iterable[int]) -> list[str]:
    """Capabilities, and places with those that they lie in, as words that no text contains."""
    known = [place for place in places if place != UNKNOWN]
    within = {one for place in known for one in localities.path(place)}
    does = [capability_facet(one) for one in capabilities if one != UNKNOWN]
    return does + sorted(map(place_facet, within))


def capability_facet(capability: int) -> str:
    return f"#{capability}"


def place_facet(place: int) -> str:
    return f"@{place}"


def described(state: State) -> str:
    """All that a supply says of itself, as one text."""
    held = [f"{item['name']} {item['grade'] or ''}" for item in state["qualifications"] or ()]
    return "\n".join(
        [state["title"], state["supplier_name"], *state["categories"], *held, state["text"]]
    )


def packed(known: Known) -> bytes:
    """What `unpacked` gives back."""
    state, read = known
    return json.dumps([{name: state[name] for name in STATED}, read.lists()]).encode()


def unpacked(kept: bytes) -> Known:
    """The profile, and of the state what constraints look at."""
    state, lists = json.loads(kept)
    return Known(state, Profile.of(lists))


def _document(state: State, ordinal: int) -> tantivy.Document:
    """With the id, the number and what queries filter by."""
    found = tantivy.Document()
    for name in ("id", "supplier_id"):
        found.add_text(name, state[name])
    for kind in kinds.answered_by(state["kind"]):
        found.add_text("demand_kinds", kind)
    for province in regions.provinces(state["regions"]) or [ANYWHERE]:
        found.add_text("provinces", province)
    found.add_integer("price_min_fen", state["price_min_fen"] or 0)
    found.add_unsigned("address", running(state["number"]) * ORDINALS + ordinal)
    found.add_unsigned("ordinal", ordinal)
    return found
