"""What matching asks of a text index, whichever it is: the embedded one or an external engine.

An index finds whom to look at. What each is worth the columns say, so that two that find the same
supplies give the same ranking, whatever their own scores are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from services.matching.profile import Known
from services.matching.ragged import Ints

TEXT, DEAL = "text", "deal"  # what is searched: all that a supply says, or each of its deals


@dataclass(frozen=True)
class Filters:
    """What the query itself leaves out. None is unknown and leaves nobody out."""

    demand_kind: str
    buyer_id: str
    region: str | None = None
    budget_fen: int | None = None


class Asked(NamedTuple):
    """The words of a demand, one of which has to be there, and its places, which add to them."""

    words: Sequence[str]
    places: Sequence[str] = ()


class Mark(NamedTuple):
    """How far the feed was followed: a position, and the fact that has it (None: at the start)."""

    position: int
    event_id: str | None


class Index(Protocol):
    """Of one process, which is its only writer."""

    @property
    def mark(self) -> Mark | None:
        """How far it is; None when it does not say, or was never filled."""

    def follow(self, supplies: Iterable[Known], mark: Mark) -> None:
        """Take in the supplies as they were stated, in this order, and be at `mark` of the feed.

        They can be found when it returns. The mark is written after them: a crash in between
        repeats some, which changes nothing.
        """

    def search(self, field: str, asked: Asked, filters: Filters, limit: int) -> Ints:
        """The numbers of supplies that no filter leaves out, best first by BM25 of TEXT or DEAL; of
        equals the older ones, whatever was written when.

        Of the `limit` best: a supply may come again, for another of its deals.
        """

    def kept(self) -> Iterator[Known]:
        """Of every supply what the columns need, for a process that starts."""

    def close(self) -> None:
        """Let go of it; nothing that is not marked is kept."""
