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
from services.gateway.readmodel.rendering import MAX_PAGE_BYTES
from services.messaging import Prepared, Reader

ROWS = 200  # read at once: about 50 facts, each a row per audience
KEPT_ROWS = 1_000  # several seconds of a busy platform
BYTES = 4_000_000  # of the documents of one read; past that each stream reads what it may see
KEPT_SIZE = 16_000_000  # characters of all rows' documents; rendered they are some 100 MB at most

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

Key = tuple[str, str]  # kind and id of a resource
Documents = Mapping[str, str]  # by audience


@dataclass
class Told:
    """One row of the feed, with all documents of its resource; what is rendered is kept."""

    row: Row
    audience: str
    hearers: Collection[str]
    documents: Documents = field(default_factory=dict)
    size: int = 0  # characters of the document of its own audience
    _items: dict[str | None, Item] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = self.row.kind, self.row.resource_id

    def show(self, documents: Documents) -> None:
        """From now on with these: a document that is no more is shown in no row any more."""
        self.documents, self._items = documents, {}
        self.size = len(documents.get(self.audience, ""))

    def to(self, mine: Sequence[str]) -> Item | None:
        """As the reader of these audiences, fullest first, sees it; None where this row is not it.

        The document is the fullest of theirs as of the newest row about its resource, which may be
        none any more; what changed since is told by a row that follows.
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
        self._is_all = True  # of what was numbered when it was read

    def page(
        self, mine: Sequence[str], after: int, types: Collection[str] | None
    ) -> tuple[list[Item], int, bool] | None:
        """The next items after a position, the position to go on from, and whether that is all.

        It ends early with the item that exceeds MAX_PAGE_BYTES. None: read your own.
        """
        with self._lock:
            if self._until < 0:  # the first reader may come for what was told long ago
                self._start = self._until = int(self._reader.rows(_NEWEST, ())[0][0])
            if self._until <= after:
                self._read_on()
            if after < self._start:
                return None
            next_ones = self._told[bisect_right(self._told, after, key=_position) :]
            items, size = list[Item](), 0
            for item in _to(mine, types, next_ones):
                items.append(item)
                size += len(item.sent)
                if size > MAX_PAGE_BYTES:
                    return items, item.position, False
            return items, max(after, self._until), self._is_all

    def _read_on(self) -> None:
        rows = self._reader.rows(_NEXT, (self._until, ROWS))
        if rows:
            told = [Told(Row(*row[:11]), row[11], row[12]) for row in rows]
            documents = self._documents(told)
            self._until = told[-1].row.position
            self._keep(told, documents)
        self._is_all = len(rows) < ROWS

    def _keep(self, told: list[Told], documents: Mapping[Key, Documents] | None) -> None:
        if documents is None:
            self._told, self._start = [], self._until
            return
        concerned = {one.key for one in told}
        self._told += told
        for one in self._told:
            if one.key in concerned:
                one.show(documents.get(one.key, {}))
        kept = min(KEPT_ROWS, _rows_within(KEPT_SIZE, self._told))
        if len(self._told) > kept:
            self._start = self._told[-kept - 1].row.position
            del self._told[: len(self._told) - kept]

    def _documents(self, told: Sequence[Told]) -> dict[Key, Documents] | None:
        """Of all these resources, whoever may see them; None when they are too large."""
        kinds, ids = ({one.key[place] for one in told} for place in (0, 1))
        found: dict[Key, dict[str, str]] = {}
        given = (sorted(kinds), sorted(ids), BYTES)
        for kind, id, audience, document in self._reader.rows(_DOCUMENTS, given):
            if document is None:
                return None
            found.setdefault((kind, id), {})[audience] = document
        return dict(found)


def _rows_within(most: int, told: Sequence[Told]) -> int:
    """How many of the newest rows have documents of no more than this size together."""
    size = 0
    for count, one in enumerate(reversed(told)):
        size += one.size
        if size > most:
            return count
    return len(told)


def _to(mine: Sequence[str], types: Collection[str] | None, told: Sequence[Told]) -> Iterator[Item]:
    for one in told:
        if types is None or one.row.type in types:
            item = one.to(mine)
            if item is not None:
                yield item


def _position(told: Told) -> int:
    return told.row.position
