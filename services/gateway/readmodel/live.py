"""The newest facts, read once for all streams of a process and rendered once for each audience.

Five hundred streams that each read the page of a new fact would read it five hundred times. Here
the first one that wants to go on reads for all; whoever has fallen behind what is kept reads pages
of its own from the feed (`feed.page`), and is told the same.
"""

import threading
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.gateway.readmodel import feed
from services.gateway.readmodel.feed import Item, Row
from services.messaging import Prepared, Reader

ROWS = 200  # read at once: about 50 facts, each a row per audience
KEPT_ROWS = 1_000  # several seconds of a busy platform
BYTES = 4_000_000  # of the documents of one read; past that each stream reads what it may see

# A fact is told by the row of the fullest of a reader's audiences, so a row must know the others.
_NEXT = Prepared(
    "live_rows",
    ("bigint", "int"),
    """
    SELECT position, event_id::text, type, kind, resource_id::text, sequence, thread_id::text,
           occurred_at, business_date, actor_party::text, actor_name, audience,
           ARRAY(SELECT told.audience FROM feed AS told WHERE told.event_id = feed.event_id)
    FROM feed WHERE position > $1 ORDER BY position LIMIT $2
    """,
)
_NEWEST = Prepared("live_newest", (), "SELECT coalesce(max(position), 0) FROM feed")
_DOCUMENTS = Prepared(
    "live_documents",
    ("text[]", "text[]", "bigint"),
    """
    SELECT kind, id::text, audience,
           CASE WHEN sum(octet_length(document)) OVER () <= $3 THEN document END
    FROM views WHERE kind = ANY($1) AND id = ANY($2::uuid[])
    """,
)

Documents = dict[str, str]  # by audience


@dataclass
class Told:
    """One row of the feed, with all documents of its resource; what is rendered is kept."""

    row: Row
    audience: str
    hearers: Collection[str]
    documents: Mapping[str, str]
    _items: dict[str | None, Item] = field(default_factory=dict)

    def to(self, mine: Sequence[str]) -> Item | None:
        """As the reader of these audiences, fullest first, sees it; None where this row is not it.

        The document is the fullest of theirs as this row was read, which may be none any more;
        what changed since is told by a row that follows.
        """
        if next((one for one in mine if one in self.hearers), None) != self.audience:
            return None
        fullest = next((one for one in mine if one in self.documents), None)
        if fullest not in self._items:
            self._items[fullest] = feed.item(self.row, self.documents.get(fullest or ""))
        return self._items[fullest]


class Live:
    """What was told last: everything with `start` < position <= `until`."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self._lock = reader, threading.Lock()
        self._told: list[Told] = []
        self._start = self._until = -1

    def page(
        self, mine: Sequence[str], after: int, types: Collection[str] | None
    ) -> tuple[list[Item], int] | None:
        """The next items after a position and the position to go on from; None: read your own."""
        with self._lock:
            if self._until < 0:  # the first reader may come for what was told long ago
                self._start = self._until = int(self._reader.rows(_NEWEST, ())[0][0])
            if self._until <= after:
                self._read_on()
            if after < self._start:
                return None
            next_ones = self._told[bisect_right(self._told, after, key=_position) :]
            until = max(after, self._until)
        return list(_to(mine, types, next_ones)), until

    def _read_on(self) -> None:
        rows = self._reader.rows(_NEXT, (self._until, ROWS))
        if not rows:
            return
        told = [Told(Row(*row[:11]), row[11], row[12], {}) for row in rows]
        documents = self._documents(told)
        self._until = told[-1].row.position
        if documents is None:
            self._told, self._start = [], self._until
            return
        for one in told:
            one.documents = documents.get((one.row.kind, one.row.resource_id), {})
        self._told += told
        if len(self._told) > KEPT_ROWS:
            self._start = self._told[-KEPT_ROWS - 1].row.position
            del self._told[:-KEPT_ROWS]

    def _documents(self, told: Sequence[Told]) -> dict[tuple[str, str], Documents] | None:
        """Of all these resources, whoever may see them; None when they are too large."""
        kinds, ids = ({getattr(one.row, name) for one in told} for name in ("kind", "resource_id"))
        found: dict[tuple[str, str], Documents] = {}
        given = (sorted(kinds), sorted(ids), BYTES)
        for kind, id, audience, document in self._reader.rows(_DOCUMENTS, given):
            if document is None:
                return None
            found.setdefault((kind, id), {})[audience] = document
        return found


def _to(mine: Sequence[str], types: Collection[str] | None, told: Sequence[Told]) -> Iterator[Item]:
    for one in told:
        if types is None or one.row.type in types:
            item = one.to(mine)
            if item is not None:
                yield item


def _position(told: Told) -> int:
    return told.row.position
