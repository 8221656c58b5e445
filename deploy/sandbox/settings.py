"""What one sandbox is told by its environment: who it is, where the platform is, its keys."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """`address` is where the sandbox itself listens; `system_key` is its machine's API key."""

    name: str
    api_url: str
    party_id: str
    system_key: str
    webhook_secret: str
    host: str
    port: int
    state_dir: Path


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings every sandbox shares. Raises KeyError naming what is missing."""
    host, _, port = environ["SANDBOX_ADDRESS"].rpartition(":")
    state_dir = Path(environ["SAILS_STATE_DIR"])
    state_dir.mkdir(parents=True, exist_ok=True)
    return Settings(
        name=environ["SANDBOX_NAME"],
        api_url=environ["SAILS_API_URL"],
        party_id=environ["SANDBOX_PARTY_ID"],
        system_key=environ["SANDBOX_SYSTEM_KEY"],
        webhook_secret=environ["SANDBOX_WEBHOOK_SECRET"],
        host=host,
        port=int(port),
        state_dir=state_dir,
    )
