"""Every setting of a running process, typed and in one place. `docs/settings.md` lists them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """What one process is told by its environment."""

    amqp_uri: str = field(repr=False)  # both hold a password
    database_url: str = field(repr=False)
    http_host: str = "127.0.0.1"
    http_port: int = 8700
    observe_host: str = "127.0.0.1"
    observe_port: int = 0
    demo_clock: bool = False
    demo_clock_offset_s: int = 0
    state_dir: Path = Path(".run/data")
    replica: str = "1"
    max_workers: int = 10
    webhooks_allow_private: bool = False
    declare_topology: bool = True


def url_name(service: str) -> str:
    """The setting that holds the database of a service."""
    return f"DATABASE_URL_{service.upper()}"


def load(service: str, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of one process of `service`. Raises KeyError naming what is missing."""
    env = os.environ if environ is None else environ
    http_host, http_port = _address(env.get("SAILS_HTTP_ADDRESS", "127.0.0.1:8700"))
    observe_host, observe_port = _address(env.get("SAILS_OBSERVE_ADDRESS", "127.0.0.1:0"))
    return Settings(
        amqp_uri=env["AMQP_URI"],
        database_url=env[url_name(service)],
        http_host=http_host,
        http_port=http_port,
        observe_host=observe_host,
        observe_port=observe_port,
        demo_clock=_flag(env, "SAILS_DEMO_CLOCK"),
        demo_clock_offset_s=int(env.get("SAILS_DEMO_CLOCK_OFFSET_S", "0")),
        state_dir=Path(env.get("SAILS_STATE_DIR", ".run/data")),
        replica=env.get("SAILS_REPLICA", "1"),
        max_workers=int(env.get("SAILS_MAX_WORKERS", "10")),
        webhooks_allow_private=_flag(env, "SAILS_WEBHOOKS_ALLOW_PRIVATE"),
        declare_topology=_flag(env, "SAILS_DECLARE_TOPOLOGY", "1"),
    )


def _address(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    return host, int(port)


def _flag(env: Mapping[str, str], name: str, default: str = "0") -> bool:
    return env.get(name, default) == "1"
