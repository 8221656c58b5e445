"""What the index keeps of a supply, and the stamp that says how."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import tantivy

from services.matching import regions
from services.matching.words import WORDS_VERSION, words

SCHEMA_VERSION = 1  # raise it with any change to `schema` or `document`
TANTIVY = version("tantivy")
STAMP = f"words-{WORDS_VERSION}.schema-{SCHEMA_VERSION}.tantivy-{TANTIVY}"
ANYWHERE = "*"  # the region token of a supply that serves no province in particular

State = Mapping[str, Any]


def schema() -> tantivy.Schema:
    """The fields of the index."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("kind", "supplier_id", "provinces"):
        builder.add_text_field(name, tokenizer_name="raw")
    for name in ("text", "experience"):  # words are cut by us and joined by spaces
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("price_min_fen", indexed=True, fast=True)
    return builder.build()


def document(state: State) -> tantivy.Document:
    """The public state of a supply as the index keeps it."""
    found = tantivy.Document()
    for name in ("id", "kind", "supplier_id"):
        found.add_text(name, state[name])
    for province in regions.provinces(state["regions"]) or [ANYWHERE]:
        found.add_text("provinces", province)
    found.add_text("text", " ".join(words(described(state))))
    deals = "\n".join(record["title"] for record in state["track_record"])
    found.add_text("experience", " ".join(words(deals)))
    found.add_integer("price_min_fen", state["price_min_fen"] or 0)
    return found


def described(state: State) -> str:
    """All that a supply says of itself, as one text."""
    held = [f"{item['name']} {item['grade'] or ''}" for item in state["qualifications"] or ()]
    return "\n".join([state["title"], *state["categories"], *held, state["text"]])
