"""One deal from demand to settlement: `carry` tells and does it; many may be carried at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deploy.sails.demo import financing, owing, settling, trade
from deploy.sails.demo.banks import SandboxBank
from deploy.sails.demo.cast import Organisation
from deploy.sails.demo.company import Company
from deploy.sails.demo.narrator import Narrator
from deploy.sails.demo.shared_clock import SharedClock


@dataclass
class Deal:
    """What a deal needs before it starts, and what it has come to (`found`, by name)."""

    buyer: Organisation
    company: Company  # among whose suppliers the bidders are found
    clock: SharedClock
    wish: dict[str, Any]
    price_fen: int
    tell: Narrator
    bidders: list[Organisation] = field(default_factory=list)  # best match first; it also wins
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def banks(self) -> tuple[SandboxBank, SandboxBank]:
        """The first is authorised at once, the second sees a masked teaser first."""
        return self.company.banks

    @property
    def supplier(self) -> Organisation:
        """The one that gets the contract."""
        return self.bidders[0]

    @property
    def thread_id(self) -> str:
        """The thread is named by its demand."""
        return str(self.found["demand"]["id"])


Step = Callable[[Deal], None]

# The story's table of contents. Between two parts the clock moves for all deals together.
STEPS: tuple[Step, ...] = (
    trade.publish,
    trade.match,
    trade.quote,
    trade.award,
    trade.sign_contract,
    owing.deliver,
    owing.enter_receivable,
    owing.confirm,
    financing.apply,
    financing.open_to_second_bank,
    financing.choose,
    financing.disburse,
    settling.repay,
    settling.settle,
)


def carry(deal: Deal) -> str:
    """From nothing to settled; answers the thread's id. Raises what went wrong."""
    try:
        for step in STEPS:
            step(deal)
    except BaseException:
        deal.clock.give_up()
        raise
    return deal.thread_id
