"""The two sides of a match as plain values: all that constraints and scores look at."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.matching import regions, words


@dataclass(frozen=True)
class Requirement:
    """A required qualification 资质; no grade means any."""

    name: str
    grade: str | None = None


@dataclass(frozen=True)
class Holding:
    """A qualification held, until `expires_on` (None: no expiry known)."""

    name: str
    grade: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class Wanted:
    """A demand. None means *unknown*: an unknown fact never excludes anybody."""

    kind: str
    buyer_id: str
    title: str
    buyer_name: str = ""
    text: str = ""
    category: str | None = None
    region: str | None = None
    budget_fen: int | None = None
    quotes_until: date | None = None
    delivery_due_date: date | None = None
    requirements: tuple[Requirement, ...] | None = None

    @cached_property
    def places(self) -> frozenset[str]:
        """The place names that its region mentions."""
        return regions.places([self.region] if self.region else [])

    @cached_property
    def category_words(self) -> frozenset[str]:
        return frozenset(words.words(self.category or ""))

    @cached_property
    def terms(self) -> list[str]:
        """The words it is searched by, title first; who the buyer is says nothing of the need."""
        found = words.first_words(self.title, self.category or "", self.text)
        own_name = frozenset(words.words(self.buyer_name))
        return [word for word in found if word not in own_name]


@dataclass(frozen=True)
class Offered:
    """A supply, with what its supplier's track record 业绩 says in short.

    `capacity_free` None: not declared; `regions`, `qualifications` None: not stated. `regions`
    empty: anywhere. `places`: where it is and where earlier deals were.
    """

    id: str
    supplier_id: str
    kind: str
    is_active: bool = True
    verified_until: date | None = None
    regions: tuple[str, ...] | None = ()
    qualifications: tuple[Holding, ...] | None = ()
    categories: tuple[str, ...] = ()
    price_min_fen: int | None = None
    capacity_free: int | None = None
    lead_time_days: int | None = None
    record_count: int = 0
    won_count: int = 0
    places: frozenset[str] = frozenset()

    @cached_property
    def category_text(self) -> str:
        """Its categories as one text, lower case, to look words up in."""
        return "\n".join(self.categories).lower()
