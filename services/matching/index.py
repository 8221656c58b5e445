"""The embedded text index over active supplies: derived from the database, never the truth."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from services.matching.asking import Asked, Filters, Mark
from services.matching.documents import answering, documents, schema, unpacked
from services.matching.profile import Known
from services.matching.ragged import Ints

WRITER_BYTES = 50_000_000  # one thread's buffer before it spills; a batch needs far less
# The last hit may have equals behind it: else the order in which they were written would choose
# among them, and that is another after a rebuild. A few are always looked at, which of 20,000
# supplies was enough for 98 in 100 queries; where they are equals to the end, as many as EQUALS.
SPARE, EQUALS = 32, 2_000
DIGITS = 4  # of a score; a sum of 32 bits has no more that do not hang on its order
_MARK = "mark.json"


class SupplyIndex:
    """An Index in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, or make an empty index in it. Raises ValueError when it is damaged."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._writer = self._index.writer(WRITER_BYTES, 1)
        self.mark = read_mark(folder)

    def follow(self, supplies: Iterable[Known], mark: Mark) -> None:
        for known in supplies:
            self._put(known)
        self._writer.commit()
        self._index.reload()
        _write_mark(self.folder, mark)
        self.mark = mark

    def search(self, field: str, asked: Asked, filters: Filters, limit: int) -> Ints:
        """A supply comes once for each of its deals that is among the best."""
        if not asked.words:
            return np.zeros(0, np.int64)
        searcher, query = self._index.searcher(), self._query(field, asked, filters)
        found = searcher.search(query, limit + SPARE, count=False).hits
        if len(found) == limit + SPARE and _score(found[-1]) == _score(found[limit - 1]):
            found = searcher.search(query, limit + EQUALS, count=False).hits
        if not found:
            return np.zeros(0, np.int64)
        scores, places = zip(*found, strict=True)
        numbers = np.array(searcher.fast_field_values("number", list(places)), np.int64)
        best: Ints = numbers[np.lexsort((numbers, -np.array(scores).round(DIGITS)))[:limit]]
        return best

    def kept(self) -> Iterator[Known]:
        # Opened beside: what is read of files stays in memory as long as they are open.
        searcher = tantivy.Index(self._schema, path=str(self.folder)).searcher()
        own = tantivy.Query.term_query(self._schema, "is_itself", True)
        everything = tantivy.Query.const_score_query(own, 0.0)
        found = searcher.search(everything, max(searcher.num_docs, 1), count=False)
        return (unpacked(searcher.doc(address)["kept"][0]) for _, address in found.hits)

    def close(self) -> None:
        self._writer.rollback()
        self._writer.wait_merging_threads()

    def _put(self, known: Known) -> None:
        """The newest state of one supply: in when it is active, else out."""
        self._writer.delete_documents_by_term("id", known.state["id"])
        if known.state["state"] == "active":
            for each in documents(known):
                self._writer.add_document(each)

    def _query(self, field: str, asked: Asked, filters: Filters) -> tantivy.Query:
        query, occur, fields = tantivy.Query, tantivy.Occur, self._schema
        words = [(occur.Should, query.term_query(fields, field, word)) for word in asked.words]
        places = [(occur.Should, query.term_query(fields, field, place)) for place in asked.places]
        clauses = [
            *places,
            (occur.Must, query.boolean_query(words)),
            (occur.Must, self._one_of("answers", answering(filters))),
            (occur.MustNot, query.term_query(fields, "supplier_id", filters.buyer_id)),
        ]
        if filters.budget_fen is not None:
            price = query.range_query(
                fields, "price_min_fen", tantivy.FieldType.Integer, 0, filters.budget_fen
            )
            clauses.append((occur.Must, query.const_score_query(price, 0.0)))
        return query.boolean_query(clauses)

    def _one_of(self, field: str, terms: Sequence[str]) -> tantivy.Query:
        """A filter; a set of terms as tantivy has it costs ten times as much."""
        query = tantivy.Query
        each = [query.term_query(self._schema, field, term) for term in terms]
        any_of = query.boolean_query([(tantivy.Occur.Should, one) for one in each])
        return query.const_score_query(any_of, 0.0)


def _score(hit: tuple[Any, tantivy.DocAddress]) -> float:
    return round(float(hit[0]), DIGITS)


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
