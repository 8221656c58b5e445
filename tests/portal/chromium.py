"""The browser of the portal's tests: Debian's Chromium, installed where it can be.

Its headless shell is the same engine without the windows nobody looks at here, for two thirds of
the work; where there is a whole Chromium only, that will do.

python -m tests.portal.chromium    # installs it if need be; what `make test` does first
"""

import shutil
from pathlib import Path

from deploy.sails import apt

PACKAGE = "chromium-headless-shell"
# Without one of Chinese, lines are as long as those of boxes, and pictures cannot be read.
FONT, FONT_FILE = "fonts-wqy-microhei", Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
# Nothing but the pages under test goes over the network; a container's root has no sandbox.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def path() -> str | None:
    """Where it is, or None."""
    return shutil.which(PACKAGE) or shutil.which("chromium") or shutil.which("chromium-browser")


def ensure() -> None:
    """Raises apt.InstallFailed; without it and without the right to install, the tests skip."""
    is_there = {PACKAGE: shutil.which(PACKAGE) is not None, FONT: FONT_FILE.exists()}
    for package in [name for name, found in is_there.items() if not found and apt.available()]:
        apt.install(package)


if __name__ == "__main__":
    ensure()
