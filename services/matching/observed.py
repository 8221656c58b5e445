"""The database of matching, with the gauges that only it knows."""

import time

from services.matching import exposure, shares
from services.messaging import Database

EVERY_S = 300.0  # all suppliers are counted for it: not each time that somebody looks


class ObservedDatabase(Database):
    """Also says, when somebody looks, how the newest lists share their places."""

    _looked_at_s = -EVERY_S

    def observe(self) -> None:
        super().observe()
        if time.monotonic() < self._looked_at_s + EVERY_S:
            return
        self._looked_at_s = time.monotonic()
        with self.transactions.sessionmaker() as session:
            shares.tell(shares.of_newest(session, exposure.WINDOW))
