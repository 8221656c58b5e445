"""What the address of a page asks for. A person may have typed it: what makes no sense is left out.

Nothing here refuses: a link with a parameter of a later release, or of somebody's tracking, opens
the page all the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from werkzeug.wrappers import Request

from services.contracts.characters import has_control_characters
from services.contracts.kinds import DEMANDS
from services.days import start_of_day
from services.gateway.pages.words import CHINESE, ENGLISH, GROUPS
from services.gateway.readmodel import entries, listing, words
from services.gateway.readmodel.listing import Wanted

LONGEST = 100  # characters of what somebody looks for


@dataclass(frozen=True)
class Asked:
    """The parameters of all pages; each page takes those that it has."""

    path: str
    language: str = CHINESE
    q: str = ""
    kind: str = ""
    industry: str = ""
    region: str = ""
    state: str = ""
    until: date | None = None
    page: int = 1

    def wanted(self, usual_state: str = "all") -> Wanted:
        """As the read model is asked."""
        found = tuple(words.asked(self.q))
        found += tuple(entries.REGION + word for word in words.asked(self.region))
        found += (entries.KIND + self.kind,) if self.kind else ()
        found += (entries.INDUSTRY + self.industry,) if self.industry else ()
        opening = None if self.until is None else start_of_day(self.until)
        return Wanted(found, self.state or usual_state, opening, self.page)

    @property
    def is_narrowed(self) -> bool:
        """Whether any condition is set."""
        return any((self.q, self.kind, self.industry, self.region, self.state, self.until))

    def url(self, path: str | None = None, **changed: object) -> str:
        """Of a page; without `path` this one with other parameters, else that one with none."""
        kept: dict[str, object] = {} if path else self._parameters()
        given = {"lang": self.language if self.language == ENGLISH else None} | kept | changed
        query = urlencode({name: str(value) for name, value in given.items() if value})
        return (path or self.path) + (f"?{query}" if query else "")

    def _parameters(self) -> dict[str, object]:
        page = self.page if self.page > 1 else None
        return {
            "q": self.q, "kind": self.kind, "industry": self.industry, "region": self.region,
            "state": self.state, "until": self.until, "page": page,
        }  # fmt: skip


def read(request: Request) -> Asked:
    """Raises nothing, whatever the query string is."""
    try:
        given: Mapping[str, str] = request.args.to_dict()
    except UnicodeDecodeError:
        given = {}
    return Asked(
        path=request.path,
        language=_one_of(given, "lang", (ENGLISH,)) or CHINESE,
        q=_text(given, "q"),
        kind=_one_of(given, "kind", DEMANDS),
        industry=_one_of(given, "industry", GROUPS),
        region=_text(given, "region"),
        state=_one_of(given, "state", listing.STATES),
        until=_day(given.get("until", "")),
        page=_page(given.get("page", "")),
    )


def _text(given: Mapping[str, str], name: str) -> str:
    text = given.get(name, "").strip()[:LONGEST]
    return "" if has_control_characters(text) else text


def _one_of(given: Mapping[str, str], name: str, known: Collection[str]) -> str:
    value = given.get(name, "")
    return value if value in known else ""


def _day(text: str) -> date | None:
    """Within the years that timestamps of the platform have."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None
    return day if day and 2000 <= day.year <= 2100 else None


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        return 1
    return min(max(int(text), 1), listing.MAX_PAGES)
