"""A demand and a supply face to face: what rules and remarks look at."""

from datetime import date, timedelta

from services.matching import facets, grades
from services.matching.mentioned import Mentioned, mentioned
from services.matching.sides import Offered, Wanted
from services.matching.verdicts import Holds


class Meeting:
    """Both sides as they are on a day."""

    def __init__(self, wanted: Wanted, offered: Offered, today: date) -> None:
        self.wanted, self.offered, self.today = wanted, offered, today
        # By required qualification; None also where the supply states nothing of its own.
        self.met: list[Holds] = self._met()
        # By facet of its kind that the demand states.
        self.facets_met: facets.Met = facets.met(wanted.facets, offered.facets)

    @property
    def mentioned(self) -> Mentioned:
        """What the demand's text says where its buyer did not: for remarks, never for a verdict."""
        return mentioned(self.wanted)

    def _met(self) -> list[Holds]:
        required, held = self.wanted.requirements or (), self.offered.qualifications
        if held is None:
            return [None] * len(required)
        return [grades.meets(item, held, self.today) for item in required]

    @property
    def ready_on(self) -> date | None:
        """Started on the day quotes close (today at the earliest)."""
        days = self.offered.lead_time_days
        starts_on = max(self.today, self.wanted.quotes_until or self.today)
        return None if days is None else starts_on + timedelta(days=days)
