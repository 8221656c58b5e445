"""Run the sandbox registry: `python -m deploy.sandbox.registry`."""

import logging

from deploy.sandbox import settings
from deploy.sandbox.follower import Follower
from deploy.sandbox.registry.register import Register
from deploy.sandbox.registry.registry import Registry
from deploy.sandbox.site import Site
from services.client import Client

FILE = "registry-2.sqlite"  # counts up with its tables: an older one is begun anew from the feed


def main() -> None:
    """Everything it needs is in the shared settings."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    own = settings.load()
    system = Client(own.api_url, own.system_key)
    registry = Registry(system, Register(own.state_dir / FILE))
    follower = Follower(system, registry.register, registry.handle)
    Site(own, follower, registry.behaviours, registry.routes()).serve()


if __name__ == "__main__":
    main()
