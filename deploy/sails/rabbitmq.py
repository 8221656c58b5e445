"""Find an installed RabbitMQ, or install Debian's."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from deploy.sails import apt
from deploy.sails.problem import Problem

PACKAGE = "rabbitmq-server"
# Debian's /usr/sbin/rabbitmq-server insists on its own account and log; the real scripts do not.
DEBIAN_SCRIPTS = Path("/usr/lib/rabbitmq/bin")
DEBIAN_ERLANG = "/usr/lib/erlang"


class NoBroker(Problem):
    """RabbitMQ is not installed and cannot be installed here."""


@dataclass(frozen=True)
class Scripts:
    """The folder with `rabbitmq-server` and `rabbitmqctl`, and Erlang's port mapper."""

    folder: Path
    epmd: str


def find_scripts() -> Scripts:
    """The installed server's scripts. Raises NoBroker."""
    on_path = shutil.which(PACKAGE)
    if (DEBIAN_SCRIPTS / PACKAGE).exists():
        folder = DEBIAN_SCRIPTS
    elif on_path is not None:
        folder = Path(on_path).resolve().parent
    else:
        raise NoBroker(PACKAGE)
    epmd = shutil.which("epmd") or next(map(str, Path(DEBIAN_ERLANG).glob("erts-*/bin/epmd")), None)
    if epmd is None:
        raise NoBroker("epmd")
    return Scripts(folder, epmd)


def ensure_installed() -> bool:
    """Install RabbitMQ when it is missing and this user can; True when something was installed.

    Raises NoBroker when it cannot be installed here, apt.InstallFailed when that went wrong.
    """
    try:
        find_scripts()
    except NoBroker:
        if not apt.available():
            raise
        apt.install(PACKAGE)
        find_scripts()
        return True
    return False


def version(scripts: Scripts) -> str:
    """The server's version by its library folder, without starting anything; "?" if unclear."""
    server = (scripts.folder / PACKAGE).resolve()
    found = re.search(r"rabbitmq_server-([\d.]+)", str(server))
    return found[1] if found else "?"
