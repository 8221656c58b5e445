"""One deal: what it needs before it starts, and what it has come to."""

from dataclasses import dataclass, field
from typing import Any

from deploy.sails.demo.banks import SandboxBank
from deploy.sails.demo.cast import Organisation
from deploy.sails.demo.company import Company
from deploy.sails.demo.narrator import Narrator
from deploy.sails.demo.person import Document
from deploy.sails.demo.shared_clock import SharedClock


@dataclass
class Deal:
    """The documents are as their owner saw them last; each is there once its chapter is told."""

    buyer: Organisation
    company: Company  # among whose suppliers the bidders are found
    clock: SharedClock
    wish: dict[str, Any]
    price_fen: int
    tell: Narrator
    bidders: list[Organisation] = field(default_factory=list)  # best match first
    matches: dict[str, Document] = field(default_factory=dict)  # by the bidder's id
    supplier: Organisation = field(init=False, repr=False)  # the bidder that gets the contract
    demand: Document = field(init=False, repr=False)
    contract: Document = field(init=False, repr=False)
    payables: list[Document] = field(init=False, repr=False)
    receivable: Document = field(init=False, repr=False)
    application: Document = field(init=False, repr=False)
    offer: Document = field(init=False, repr=False)
    loan: Document = field(init=False, repr=False)

    @property
    def banks(self) -> tuple[SandboxBank, SandboxBank]:
        """The first is authorised at once, the second sees a masked teaser first."""
        return self.company.banks

    @property
    def thread_id(self) -> str:
        """The thread is named by its demand."""
        return str(self.demand["id"])
