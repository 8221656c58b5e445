"""How the newest lists share their places among suppliers, for the operator and for metrics."""

from collections import Counter
from typing import NamedTuple

from sqlalchemy import Uuid, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.matching import metrics, spread
from services.matching.tables import DemandCopy, Match, PartyCopy, Supply

# Each looked up by itself: to go through all supplies takes five times as long.
_ID = Uuid(as_uuid=False)
_ON_OFFER = (
    select(func.count())
    .select_from(PartyCopy)
    .where(exists().where(Supply.supplier_id == PartyCopy.id, Supply.state == "active"))
)
_ONE = func.unnest(bindparam("suppliers", type_=ARRAY(_ID)), type_=_ID).column_valued("one")
_OF_THESE = select(_ONE).where(exists().where(Supply.supplier_id == _ONE, Supply.state == "active"))
_NEVER_MATCHED = (
    select(func.count())
    .select_from(Supply)
    .where(Supply.state == "active", ~exists().where(Match.supply_id == Supply.id))
)


class Shares(NamedTuple):
    """`counts`: in how many of the lists each supplier stands that has something on offer.

    `suppliers`: how many of these there are in all.
    """

    lists: int
    suppliers: int
    counts: Counter[str]

    @property
    def largest(self) -> float:
        return spread.largest_share(self.counts, self.lists)

    @property
    def coverage(self) -> float:
        return spread.coverage(self.counts, self.suppliers)

    @property
    def gini(self) -> float:
        return spread.gini(self.counts, self.suppliers)


def of_newest(session: Session, most: int) -> Shares:
    """Of the newest lists, `most` at most."""
    newest = (
        select(DemandCopy.listed)
        .where(DemandCopy.list_number.is_not(None))
        .order_by(DemandCopy.list_number.desc())
        .limit(most)
    )
    lists = [listed for listed in session.scalars(newest) if listed]
    seen = spread.seen(lists)
    on_offer = set(session.scalars(_OF_THESE, {"suppliers": list(seen)}))
    counts = Counter({one: times for one, times in seen.items() if one in on_offer})
    return Shares(len(lists), session.scalar(_ON_OFFER) or 0, counts)


def never_matched(session: Session) -> int:
    """Supplies on offer that no demand of any time has a match with."""
    return session.scalar(_NEVER_MATCHED) or 0


def tell(shares: Shares) -> None:
    """Bring the gauges up to date."""
    metrics.LISTS.set(shares.lists)
    metrics.LARGEST_SHARE.set(shares.largest)
    metrics.COVERAGE.set(shares.coverage)
    metrics.GINI.set(shares.gini)
    metrics.UNSEEN.set(shares.suppliers - len(shares.counts))
