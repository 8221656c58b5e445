"""The unprivileged system account that a server runs under when `sails` runs as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.sails.problem import Problem

OWN_ACCOUNT = "sails"


@dataclass(frozen=True)
class Account:
    """A system account, by name and numbers."""

    name: str
    uid: int
    gid: int

    def may(self, what: str, path: Path) -> bool:
        """Whether this account passes `test` with this flag (-x, -r) on the path."""
        return run_as(self, ["test", what, str(path)]).returncode == 0


class NoAccount(Problem):
    """Run as root, and no unprivileged account could be found or made for the server."""


def server_account(packaged: str) -> Account | None:
    """The account for a server: None when not root (it then runs as the caller).

    As root the account its package made (`postgres`, `rabbitmq`), else our own, made once.
    Raises NoAccount.
    """
    if os.geteuid() != 0:
        return None
    return _find(packaged) or _find(OWN_ACCOUNT) or _create(OWN_ACCOUNT)


def run_as(
    account: Account | None, command: list[str], **options: object
) -> subprocess.CompletedProcess[str]:
    """subprocess.run under `account` (None: the caller), output captured as text."""
    if account is not None:
        options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    settings = {"cwd": "/", "input": "", "capture_output": True, "text": True, "check": False}
    return subprocess.run(command, **(settings | options))  # type: ignore[call-overload, no-any-return] # noqa: PLW1510


def own(path: Path, account: Account | None) -> None:
    """Hand one file or folder to the account; nothing to do when the caller keeps it."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def private_folder(path: Path, account: Account | None) -> Path:
    """Create the folder if missing, owned by the account and closed to everyone else."""
    path.mkdir(parents=True, exist_ok=True)
    own(path, account)
    path.chmod(0o700)
    return path


def _find(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)


def _create(name: str) -> Account:
    if shutil.which("useradd") is None:
        raise NoAccount(name)
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    subprocess.run(["useradd", *options, name], capture_output=True, check=False)
    account = _find(name)
    if account is None:
        raise NoAccount(name)
    return account
