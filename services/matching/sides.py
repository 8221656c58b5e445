"""The two sides of a match as plain values: all that constraints look at, and what is asked for."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.contracts import capabilities
from services.contracts.kinds import Span
from services.matching import localities, words

FULL_PPM = 1_000_000
CAPABILITIES = 3  # of a title: a fourth is a chance hit


@dataclass(frozen=True)
class Requirement:
    """A required qualification 资质; no grade means any.

    One of the `alternatives` 或, which have none themselves, does as well.
    """

    name: str
    grade: str | None = None
    alternatives: tuple["Requirement", ...] = ()

    @property
    def each(self) -> tuple["Requirement", ...]:
        """All of which one is enough, the one that is named first being the first."""
        return (self, *self.alternatives)

    def __str__(self) -> str:
        return "或".join(f"{one.name}{one.grade or ''}" for one in self.each)


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
    published_on: date | None = None
    quotes_until: date | None = None
    delivery_due_date: date | None = None
    requirements: tuple[Requirement, ...] | None = None
    facets: tuple[Span, ...] = ()  # what would do; of a facet without any nothing is asked

    @cached_property
    def localities(self) -> tuple[int, ...]:
        """The GB/T 2260 codes of where it is wanted."""
        return localities.read(self.region or "", self.title)

    @cached_property
    def capabilities(self) -> dict[str, int]:
        """What it asks for: the code of a capability → how sure, the surest being one million.

        The category that its buyer gave is certain; else the title says it, for a long scope
        speaks of much that is not asked for.
        """
        told = capabilities.recognise(self.title, CAPABILITIES)
        most = max((one.confidence_ppm for one in told), default=1)
        read = {one.code: FULL_PPM * one.confidence_ppm // most for one in told}
        given = capabilities.named(self.category or "")
        return read if given is None else read | {given: FULL_PPM}

    @property
    def capability(self) -> str | None:
        """The code of the surest of them."""
        asked = self.capabilities
        return max(asked, key=asked.__getitem__) if asked else None

    @cached_property
    def numbered(self) -> dict[int, str]:
        """The terms by their numbers, in their order."""
        return {words.number(term): term for term in self.terms}

    @cached_property
    def terms(self) -> list[str]:
        """The words it is searched by, title first; who the buyer is says nothing of the need."""
        found = words.first_words(self.title, self.category or "", self.text)
        own_name = frozenset(words.words(self.buyer_name))
        return [word for word in found if word not in own_name]


@dataclass(frozen=True)
class Offered:
    """A supply. `number`: the running part of its number, by which the index knows it.

    `capacity_free` None: not declared; `regions`, `qualifications` None: not stated. `regions`
    empty: anywhere.
    """

    id: str
    number: int
    supplier_id: str
    kind: str
    is_active: bool = True
    verified_until: date | None = None
    regions: tuple[str, ...] | None = ()
    qualifications: tuple[Holding, ...] | None = ()
    price_min_fen: int | None = None
    capacity_free: int | None = None
    lead_time_days: int | None = None
    facets: tuple[Span, ...] = ()  # what it is; of a facet without any it says nothing
