"""What the walk-throughs of `docs/` are typed with: Debian's packages, installed where they can be.

python -m tests.e2e.tools    # installs them if need be; what `make test` does first
"""

import shutil

from deploy.sails import apt

TOOLS = ("bash", "curl", "jq")  # each in a package of its own name


def missing() -> list[str]:
    """Those that are not there."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def ensure() -> None:
    """Raises apt.InstallFailed; without them and without the right to install, the tests skip."""
    for tool in missing() if apt.available() else ():
        apt.install(tool)


if __name__ == "__main__":
    ensure()
