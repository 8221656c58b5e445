"""What a list is narrowed to, and the conditions that say so."""

from dataclasses import dataclass, field
from typing import Any

from services.gateway.readmodel import marks

MAX_STATES = 20  # of one list; no kind has more

Range = tuple[Any, Any]  # from (included), to (excluded); None: no bound
NO_BOUNDS: Range = (None, None)


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. `from_to` and `due` are moments, `amount_fen` whole fen."""

    kind: str
    audience: str
    states: tuple[str, ...] = ()
    thread_id: str | None = None
    facet: str | None = None
    counterpart_id: str | None = None
    question: str | None = None
    from_to: Range = NO_BOUNDS
    due: Range = NO_BOUNDS
    amount_fen: Range = NO_BOUNDS

    @property
    def is_plain(self) -> bool:
        """Whether no more is asked than a list by state or of a thread."""
        return self == Filters(self.kind, self.audience, self.states[:1], self.thread_id)

    @property
    def is_searched(self) -> bool:
        """Whether marks are looked up."""
        return (self.question, self.counterpart_id, self.facet) != (None, None, None)


@dataclass
class Where:
    """Conditions, joined by AND, with their values in order."""

    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition)
        self.values += values

    def between(self, column: str, bounds: Range) -> None:
        for sign, bound in zip((">=", "<"), bounds, strict=True):
            if bound is not None:
                self.add(f"{column} {sign} %s", bound)

    @property
    def sql(self) -> str:
        return " AND ".join(self.conditions)


def narrowed(filters: Filters) -> Where:
    """Of `views`, but for what is searched."""
    where = Where()
    where.add("audience = %s AND kind = %s", filters.audience, filters.kind)
    if len(filters.states) == 1:
        where.add("state = %s", *filters.states)
    elif filters.states:
        where.add("state = ANY(%s)", list(filters.states))
    if filters.thread_id is not None:
        where.add("thread_id = %s", filters.thread_id)
    where.between("sort_at", filters.from_to)
    where.between("due_at", filters.due)
    where.between("amount_fen", filters.amount_fen)
    if filters.amount_fen != NO_BOUNDS:  # what has none is neither above nor below
        where.add("amount_fen >= 0")
    if filters.due != NO_BOUNDS:
        where.add("due_at < 'infinity'")
    return where


def said_by(filters: Filters) -> Where:
    """Of `views`, those that say and name what is asked: the same as `found_by` finds."""
    where = Where()
    for pattern in marks.asked(filters.question)[1] if filters.question else ():
        where.add("words LIKE %s", pattern)
    if filters.counterpart_id is not None:
        where.add("parties @> ARRAY[CAST(%s AS uuid)]", filters.counterpart_id)
    if filters.facet is not None:
        where.add("facet = %s", filters.facet)
    return where


def found_by(filters: Filters) -> Where:
    """Of what is searched, the audience's own that says and names what is asked."""
    wanted, patterns = marks.asked(filters.question) if filters.question else ([], [])
    wanted += [marks.named("audience", filters.audience), marks.named("kind", filters.kind)]
    if filters.counterpart_id is not None:
        wanted.append(marks.of_party(filters.counterpart_id))
    if filters.facet is not None:
        wanted.append(marks.named("facet", filters.facet))
    where = Where()
    where.add("marks @> CAST(%s AS bigint[])", wanted)
    for pattern in patterns:
        where.add("words LIKE %s", pattern)
    return where
