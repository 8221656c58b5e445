"""`sails doctor`: what this machine has, what is missing, and what to do next."""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

import typer

from deploy.sails import apt, postgres, rabbitmq, runner
from deploy.sails.database import SERVICES
from deploy.sails.output import FAILED, Json, answer, failures, table
from deploy.sails.ports import is_free
from deploy.sails.proc import marked
from deploy.sails.processes import DEFAULT_HTTP_PORT
from deploy.sails.servers import given
from deploy.sails.state import DEFAULT_ROOT, REPOSITORY, StateFolder
from deploy.sails.texts import text

PYTHONS = ((3, 11), (3, 13))
DISK_NEEDED_GB = 2  # packages, both servers' data and their logs
LOCK_STAMP = "requirements.sha256"  # written by `make setup` into the virtualenv


@dataclass(frozen=True)
class Check:
    """One finding. `needed`: without it the platform does not start."""

    name: str
    ok: bool
    found: str
    advice: str = ""
    needed: bool = True


def doctor(as_json: Json = False) -> None:
    """Check everything; exit code 1 when something needed is missing."""
    with failures(as_json):
        checks = [check() for check in CHECKS]
    rows = [_row(check) for check in checks]
    healthy = all(check.ok or not check.needed for check in checks)
    facts = {"healthy": healthy, "checks": [asdict(check) for check in checks]}
    answer(as_json, facts, table(rows, "column-check", "column-found", "column-advice"))
    if not healthy:
        raise typer.Exit(FAILED)


def _row(check: Check) -> list[str]:
    mark = "✓" if check.ok else "✗" if check.needed else "!"
    advice = "" if check.ok else check.advice or text(f"advise-{check.name}")
    return [f"{mark} {text(f'check-{check.name}')}", check.found, advice]


def _python() -> Check:
    version = sys.version_info[:2]
    return Check("python", PYTHONS[0] <= version <= PYTHONS[1], sys.version.split()[0])


def _venv() -> Check:
    stamp = REPOSITORY / ".venv" / LOCK_STAMP
    lock = (REPOSITORY / "requirements.lock").read_bytes()
    matches = stamp.exists() and stamp.read_text().split()[:1] == [hashlib.sha256(lock).hexdigest()]
    return Check("venv", matches, text("yes" if matches else "no"))


def _database() -> Check:
    if len([name for name in given(os.environ) if name != "AMQP_URI"]) == len(SERVICES):
        return Check("database", True, text("given"))
    try:
        found = postgres.find_binaries()
    except postgres.NoPostgres:
        return Check("database", False, text("missing"))
    return Check("database", True, f"PostgreSQL {found.major} ({found.folder})")


def _broker() -> Check:
    if "AMQP_URI" in given(os.environ):
        return Check("broker", True, text("given"))
    try:
        scripts = rabbitmq.find_scripts()
    except rabbitmq.NoBroker:
        return _installable()
    return Check("broker", True, f"RabbitMQ {rabbitmq.version(scripts)} ({scripts.folder})")


def _installable() -> Check:
    if apt.available():
        return Check("broker", False, text("installable"), text("advise-venv"))
    root = text("yes" if os.geteuid() == 0 else "no")
    apt_get = text("yes" if shutil.which("apt-get") else "no")
    return Check("broker", False, text("not-installable", root=root, apt=apt_get))


def _port() -> Check:
    layout = runner.running_layout(StateFolder(DEFAULT_ROOT))
    if layout is not None:
        return Check("port", True, str(layout.http_port))
    if is_free(DEFAULT_HTTP_PORT):
        return Check("port", True, str(DEFAULT_HTTP_PORT))
    return Check("port", False, text("taken", port=DEFAULT_HTTP_PORT), needed=False)


def _public_url() -> Check:
    """People sign in: without https passwords and cookies travel in the clear."""
    url = os.environ.get("SAILS_PUBLIC_URL", "")
    return Check("public-url", url.startswith("https://"), url or text("missing"), needed=False)


def _disk() -> Check:
    free_gb = shutil.disk_usage(REPOSITORY).free // 1_000_000_000
    advice = text("advise-disk", needed=DISK_NEEDED_GB)
    return Check("disk", free_gb >= DISK_NEEDED_GB, f"{free_gb} GB", advice)


def _leftovers() -> Check:
    """Marked processes while no supervisor runs: a killed one left them behind."""
    ours = StateFolder(DEFAULT_ROOT)
    idle = [folder for folder in (ours, *ours.below()) if runner.status(folder) is None]
    pids = [pid for folder in idle for pid in marked(folder.root)]
    return Check("leftovers", not pids, " ".join(map(str, pids)) or text("missing"), needed=False)


CHECKS: tuple[Callable[[], Check], ...] = (
    _python,
    _venv,
    _database,
    _broker,
    _port,
    _public_url,
    _disk,
    _leftovers,
)
