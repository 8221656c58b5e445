"""Every setting of a running process, typed and in one place. `docs/settings.md` lists them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Rate(NamedTuple):
    """`burst` at once, then `per_s` a second; without a bound where `per_s` is 0."""

    per_s: float
    burst: int


# Of one person and one process: a program at work stays far below them, one run wild is held.
READS = Rate(100, 1_000)
COMMANDS = Rate(25, 500)
STRANGERS = Rate(20, 200)
# Of one address: an incubator brings its firms in from one office, five at once, 170 a day.
JOINING = Rate(0.002, 5)
NO_BOUND = Rate(0, 0)


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
    index_url: str = field(default="", repr=False)  # may hold a password
    max_workers: int = 10
    webhooks_allow_private: bool = False
    declare_topology: bool = True
    rate_reads: Rate = READS
    rate_commands: Rate = COMMANDS
    rate_strangers: Rate = STRANGERS
    rate_joining: Rate = JOINING
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    streams_per_person: int = 20
    proxies: int = 0
    public_url: str = ""
    drain_notice_s: float = 0.5
    matching_allot_s: float = 0.0
    # Reserved by nobody: a publisher's own is given by the Open Contracting Partnership, free of
    # charge, and must be set before what is published is relied on.
    ocds_prefix: str = "ocds-qf0000"


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
        index_url=env.get("SAILS_INDEX_URL", ""),
        max_workers=int(env.get("SAILS_MAX_WORKERS", "10")),
        webhooks_allow_private=_flag(env, "SAILS_WEBHOOKS_ALLOW_PRIVATE"),
        declare_topology=_flag(env, "SAILS_DECLARE_TOPOLOGY", "1"),
        rate_reads=_rate(env, "SAILS_RATE_READS", Settings.rate_reads),
        rate_commands=_rate(env, "SAILS_RATE_COMMANDS", Settings.rate_commands),
        rate_strangers=_rate(env, "SAILS_RATE_STRANGERS", Settings.rate_strangers),
        rate_joining=_rate(env, "SAILS_RATE_JOINING", Settings.rate_joining),
        oidc_issuer=_issuer(env),
        oidc_client_id=env.get("SAILS_OIDC_CLIENT_ID", ""),
        oidc_client_secret=env.get("SAILS_OIDC_CLIENT_SECRET", ""),
        streams_per_person=int(env.get("SAILS_STREAMS_PER_PERSON", Settings.streams_per_person)),
        proxies=int(env.get("SAILS_PROXIES", Settings.proxies)),
        public_url=_origin(env, "SAILS_PUBLIC_URL"),
        drain_notice_s=float(env.get("SAILS_DRAIN_NOTICE_S", Settings.drain_notice_s)),
        matching_allot_s=float(env.get("SAILS_MATCHING_ALLOT_S", "0")),
        ocds_prefix=env.get("SAILS_OCDS_PREFIX", Settings.ocds_prefix),
    )


def _address(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    return host, int(port)


def _flag(env: Mapping[str, str], name: str, default: str = "0") -> bool:
    return env.get(name, default) == "1"


def _origin(env: Mapping[str, str], name: str) -> str:
    """`https://host`, perhaps with a port; empty when not given. Raises ValueError for others."""
    text = env.get(name, "").rstrip("/")
    scheme, _, place = text.partition("://")
    if text and (scheme not in ("http", "https") or not place or "/" in place):
        raise ValueError(f"{name} is https:// and a host, without a path")
    return text


def _issuer(env: Mapping[str, str]) -> str:
    """Raises ValueError without what belongs to it, or where anybody could answer in its place."""
    text = env.get("SAILS_OIDC_ISSUER", "")
    if not text:
        return ""
    if not text.startswith(("https://", "http://127.0.0.1:")):
        raise ValueError("SAILS_OIDC_ISSUER is an https:// address")
    for name in ("SAILS_OIDC_CLIENT_ID", "SAILS_PUBLIC_URL"):
        if not env.get(name):
            raise ValueError(f"SAILS_OIDC_ISSUER needs {name}")
    return text


def _rate(env: Mapping[str, str], name: str, default: Rate) -> Rate:
    """`25/500`, or `0` for no bound. Raises ValueError for a burst that lets nothing through."""
    text = env.get(name)
    if text is None:
        return default
    per_s, _, burst = text.partition("/")
    rate = Rate(float(per_s), int(burst or 0))
    if rate.per_s < 0 or (rate.per_s and rate.burst < 1):
        raise ValueError(f"{name} is requests a second / burst")
    return rate
