"""Install a Debian package without letting its maintainer scripts start a system-wide daemon."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.sails.problem import Problem

POLICY = Path("/usr/sbin/policy-rc.d")
UNITS = Path("/etc/systemd/system")
ENABLED = "*.wants/*"
FORBIDDEN = 101  # "action forbidden by policy", see invoke-rc.d(8)
DENY = f"#!/bin/sh\nexit {FORBIDDEN}\n"
LOCK_TIMEOUT_S = 120  # another apt may hold the lock, e.g. unattended upgrades after a boot
INSTALL_TIMEOUT_S = 300  # a slow mirror; the packages weigh about 40 MB


class InstallFailed(Problem):
    """apt-get did not install the package; the text is the end of its output."""


def available() -> bool:
    """Whether this user can install Debian packages here."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(package: str) -> None:
    """Install `package` without recommendations; nothing starts now or at the next boot.

    Package lists that are missing or stale are fetched once. Raises InstallFailed.
    """
    with nothing_enabled(), no_daemons():
        try:
            _apt_get("install", "-y", "--no-install-recommends", package)
        except InstallFailed:
            _apt_get("update")
            _apt_get("install", "-y", "--no-install-recommends", package)
    subprocess.run(["update-rc.d", package, "disable"], capture_output=True, check=False)


@contextmanager
def nothing_enabled(units: Path = UNITS) -> Iterator[None]:
    """Undo the links by which systemd would start new units at boot, also when the block fails.

    A dependency may bring its own (epmd).
    """
    before = set(units.glob(ENABLED))
    try:
        yield
    finally:
        for link in set(units.glob(ENABLED)) - before:
            link.unlink()


@contextmanager
def no_daemons(policy: Path = POLICY) -> Iterator[None]:
    """Forbid service starts while packages are configured, then restore the policy found."""
    saved = policy.with_name(f"{policy.name}.before-sails")
    if saved.exists():  # an earlier install was killed half-way: what it saved is the truth
        saved.replace(policy)
    found = policy.exists()
    if found and _forbids_starts(policy):
        yield
        return
    if found:
        policy.replace(saved)
    policy.write_text(DENY)
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()
        if found:
            saved.replace(policy)


def _forbids_starts(policy: Path) -> bool:
    answer = subprocess.run([policy, "rabbitmq-server", "start"], capture_output=True, check=False)
    return answer.returncode == FORBIDDEN


def _apt_get(*arguments: str) -> None:
    command = ["apt-get", "-q", "-o", f"DPkg::Lock::Timeout={LOCK_TIMEOUT_S}", *arguments]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=INSTALL_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise InstallFailed(f"{' '.join(command)}: no end after {INSTALL_TIMEOUT_S} s") from late
    if done.returncode:
        raise InstallFailed("\n".join(done.stdout.splitlines()[-10:]))
