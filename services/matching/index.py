"""The text index over active supplies: derived from the database, never the truth.

One folder and one writer per replica. The folder is stamped with how texts are cut and stored; a
stamp that differs, or a mark that is missing or not of this feed, means it is built anew from the
database.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import tantivy

from services.matching import kinds, regions
from services.matching.words import WORDS_VERSION, words

SCHEMA_VERSION = 1  # raise it with any change to `_schema` or `_document`
TANTIVY = version("tantivy")
STAMP = f"words-{WORDS_VERSION}.schema-{SCHEMA_VERSION}.tantivy-{TANTIVY}"
WRITER_BYTES = 50_000_000  # one thread's buffer before it spills; a batch needs far less
ANYWHERE = "*"  # the region token of a supply that serves no province in particular
_MARK = "mark.json"

State = Mapping[str, Any]


@dataclass(frozen=True)
class Filters:
    """What the query itself leaves out. None is unknown and leaves nobody out."""

    demand_kind: str
    buyer_id: str
    region: str | None = None
    budget_fen: int | None = None


class Hit(NamedTuple):
    """A supply that shares words with the demand; BM25 in thousandths."""

    supply_id: str
    relevance_milli: int


class Mark(NamedTuple):
    """How far the feed was followed: a position, and the fact that has it (None: at the start)."""

    position: int
    event_id: str | None


class FolderInUse(Exception):
    """Another process writes to this folder."""


class SupplyIndex:
    """Upsert, delete, commit with a mark, search. Not shared between processes."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, or make an empty index in it. Raises FolderInUse."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        try:
            self._writer = self._index.writer(WRITER_BYTES, 1)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise
            raise FolderInUse(str(folder)) from error
        self.mark = _read_mark(folder)

    def follow(self, states: Iterable[State], mark: Mark) -> None:
        """Take in the supplies' public states, in their order, and be at `mark` of the feed.

        The mark is written after the index: a crash in between repeats some states, which changes
        nothing.
        """
        for state in states:
            self._put(state)
        self._writer.commit()
        self._index.reload()
        _write_mark(self.folder, mark)
        self.mark = mark

    def search(self, field: str, terms: Sequence[str], filters: Filters, limit: int) -> list[Hit]:
        """The `limit` best by BM25 of `field` ("text", "experience") that no filter leaves out."""
        if not terms:
            return []
        searcher = self._index.searcher()
        found = searcher.search(self._query(field, terms, filters), limit, count=False)
        return [
            Hit(searcher.doc(address)["id"][0], round(score * 1000))
            for score, address in found.hits
        ]

    def count(self) -> int:
        """How many supplies it holds."""
        return int(self._index.searcher().num_docs)

    def close(self) -> None:
        """Let go of the folder's lock; nothing uncommitted is kept."""
        self._writer.rollback()
        self._writer.wait_merging_threads()

    def _put(self, state: State) -> None:
        """The newest state of one supply: in when it is active, else out."""
        self._writer.delete_documents_by_term("id", state["id"])
        if state["state"] == "active":
            self._writer.add_document(_document(state))

    def _query(self, field: str, terms: Sequence[str], filters: Filters) -> tantivy.Query:
        query, occur, schema = tantivy.Query, tantivy.Occur, self._schema
        any_word = query.boolean_query(
            [(occur.Should, query.term_query(schema, field, term)) for term in terms]
        )
        kind = query.term_set_query(schema, "kind", sorted(kinds.ANSWERED_BY[filters.demand_kind]))
        clauses = [
            (occur.Must, any_word),
            (occur.Must, query.const_score_query(kind, 0.0)),
            (occur.MustNot, query.term_query(schema, "supplier_id", filters.buyer_id)),
        ]
        if filters.budget_fen is not None:
            price = query.range_query(
                schema, "price_min_fen", tantivy.FieldType.Integer, 0, filters.budget_fen
            )
            clauses.append((occur.Must, query.const_score_query(price, 0.0)))
        if wanted := regions.provinces([filters.region] if filters.region else []):
            served = query.term_set_query(schema, "provinces", [*sorted(wanted), ANYWHERE])
            clauses.append((occur.Must, query.const_score_query(served, 0.0)))
        return query.boolean_query(clauses)


def open_index(
    folder: Path, is_of_feed: Callable[[Mark], bool], rebuild: Callable[[SupplyIndex], None]
) -> SupplyIndex:
    """The index of this stamp under `folder`; folders of other stamps are deleted.

    `rebuild` fills an empty one, beside, when there is none that is whole and has followed this
    very feed; only then it is moved to its place, so that a rebuild that was cut short is never
    taken for an index. Raises FolderInUse.
    """
    place = folder / STAMP
    _delete_others(folder, place)
    mark = _read_mark(place)
    if mark is None or not is_of_feed(mark):
        shutil.rmtree(place, ignore_errors=True)
        draft = SupplyIndex(folder / f"{STAMP}.draft")
        rebuild(draft)
        draft.close()
        draft.folder.replace(place)
    return SupplyIndex(place)


def _delete_others(folder: Path, place: Path) -> None:
    if folder.is_dir():
        for other in folder.iterdir():
            if other != place:
                shutil.rmtree(other)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("kind", "supplier_id", "provinces"):
        builder.add_text_field(name, tokenizer_name="raw")
    for name in ("text", "experience"):  # words are cut by us and joined by spaces
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("price_min_fen", indexed=True, fast=True)
    return builder.build()


def _document(state: State) -> tantivy.Document:
    document = tantivy.Document()
    for name in ("id", "kind", "supplier_id"):
        document.add_text(name, state[name])
    for province in regions.provinces(state["regions"]) or [ANYWHERE]:
        document.add_text("provinces", province)
    document.add_text("text", " ".join(words(described(state))))
    deals = "\n".join(record["title"] for record in state["track_record"])
    document.add_text("experience", " ".join(words(deals)))
    document.add_integer("price_min_fen", state["price_min_fen"] or 0)
    return document


def described(state: State) -> str:
    """All that a supply says of itself, as one text."""
    held = [f"{item['name']} {item['grade'] or ''}" for item in state["qualifications"] or ()]
    return "\n".join([state["title"], *state["categories"], *held, state["text"]])


def _read_mark(folder: Path) -> Mark | None:
    try:
        return Mark(**json.loads((folder / _MARK).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None  # cut short while it was written: the index is built anew


def _write_mark(folder: Path, mark: Mark) -> None:
    draft = folder / f"{_MARK}.draft"
    draft.write_text(json.dumps(mark._asdict()))
    draft.replace(folder / _MARK)
