"""The text index over active supplies: derived from the database, never the truth."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import tantivy

from services.matching import kinds, regions
from services.matching.documents import ANYWHERE, State, document, schema

WRITER_BYTES = 50_000_000  # one thread's buffer before it spills; a batch needs far less
_MARK = "mark.json"


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


class SupplyIndex:
    """Upsert, delete, commit with a mark, search. Not shared between processes."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, or make an empty index in it. Raises ValueError when it is damaged."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._writer = self._index.writer(WRITER_BYTES, 1)
        self.mark = read_mark(folder)

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

    def close(self) -> None:
        """Let go of the folder; nothing uncommitted is kept."""
        self._writer.rollback()
        self._writer.wait_merging_threads()

    def _put(self, state: State) -> None:
        """The newest state of one supply: in when it is active, else out."""
        self._writer.delete_documents_by_term("id", state["id"])
        if state["state"] == "active":
            self._writer.add_document(document(state))

    def _query(self, field: str, terms: Sequence[str], filters: Filters) -> tantivy.Query:
        query, occur, fields = tantivy.Query, tantivy.Occur, self._schema
        any_word = query.boolean_query(
            [(occur.Should, query.term_query(fields, field, term)) for term in terms]
        )
        kind = query.term_set_query(fields, "kind", sorted(kinds.ANSWERED_BY[filters.demand_kind]))
        clauses = [
            (occur.Must, any_word),
            (occur.Must, query.const_score_query(kind, 0.0)),
            (occur.MustNot, query.term_query(fields, "supplier_id", filters.buyer_id)),
        ]
        if filters.budget_fen is not None:
            price = query.range_query(
                fields, "price_min_fen", tantivy.FieldType.Integer, 0, filters.budget_fen
            )
            clauses.append((occur.Must, query.const_score_query(price, 0.0)))
        if wanted := regions.provinces([filters.region] if filters.region else []):
            served = query.term_set_query(fields, "provinces", [*sorted(wanted), ANYWHERE])
            clauses.append((occur.Must, query.const_score_query(served, 0.0)))
        return query.boolean_query(clauses)


def read_mark(folder: Path) -> Mark | None:
    """How far the index in this folder is; None when it does not say, or there is none."""
    try:
        return Mark(**json.loads((folder / _MARK).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None  # cut short while it was written: the index is built anew


def _write_mark(folder: Path, mark: Mark) -> None:
    draft = folder / f"{_MARK}.draft"
    draft.write_text(json.dumps(mark._asdict()))
    draft.replace(folder / _MARK)
