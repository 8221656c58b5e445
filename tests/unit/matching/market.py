"""What ranks, as a process of matching has it, without a database."""

from services.matching import rebuild
from services.matching.asking import Mark
from services.matching.columns import Columns
from services.matching.engine import Engine
from services.matching.index import SupplyIndex
from services.matching.scoring import FEATURES
from tests.unit.matching.pairs import TODAY


class Market:
    """Supplies are put by their public states; demands are ranked as they are served."""

    def __init__(self, folder):
        self.engine = Engine(SupplyIndex(folder), Columns())

    @property
    def index(self):
        return self.engine.index

    @property
    def columns(self):
        return self.engine.columns

    def put(self, *states):
        self.engine.follow(states, Mark(1, None))

    def restart(self):
        """The columns as a process that starts reads them."""
        self.engine = Engine(self.index, rebuild.columns(self.index))

    def rank(self, wanted, **asked):
        found, _ = self.engine.rank(wanted, TODAY, **asked)
        return found

    def values(self, wanted):
        """Supply id → feature → value."""
        ranked = self.rank(wanted).ranked
        return {
            one.supply_id: dict(zip(FEATURES, one.values_ppm.tolist(), strict=True))
            for one in ranked
        }

    def close(self):
        self.index.close()
