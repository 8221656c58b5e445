"""Run the sandbox bank: `python -m deploy.sandbox.bank`, told everything by its environment."""

import logging
import os

from deploy.sandbox import settings
from deploy.sandbox.bank.bank import Bank
from deploy.sandbox.bank.book import Book
from deploy.sandbox.bank.policy import Policy
from deploy.sandbox.follower import Follower
from deploy.sandbox.site import Site
from services.client import Client


def main() -> None:
    """Besides the shared settings: the keys of maker and approver, the product and its price."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    own = settings.load()
    system = Client(own.api_url, own.system_key)
    product = system.get(f"/products/{os.environ['SANDBOX_PRODUCT_ID']}")
    bank = Bank(
        own.party_id,
        system=system,
        maker=Client(own.api_url, os.environ["SANDBOX_MAKER_KEY"]),
        approver=Client(own.api_url, os.environ["SANDBOX_APPROVER_KEY"]),
        policy=Policy.of(
            product, int(os.environ["SANDBOX_RATE_BP"]), int(os.environ["SANDBOX_FEE_BP"])
        ),
        book=Book(own.state_dir / "bank.sqlite"),
    )
    follower = Follower(system, bank.book, bank.handle)
    Site(own, follower, bank.behaviours, bank.routes()).serve()


if __name__ == "__main__":
    main()
