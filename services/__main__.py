"""`python -m services orders|matching|finance|gateway-worker|gateway-http`: one process."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")  # known, and pinned
warnings.filterwarnings("ignore", message=".*pkg_resources")  # nameko asks it for its version

import eventlet  # noqa: E402

eventlet.monkey_patch()

import os  # noqa: E402
import sys  # noqa: E402

from services.process import PROGRAMS, main  # noqa: E402

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in PROGRAMS:
        sys.exit(f"usage: python -m services {'|'.join(PROGRAMS)}")
    code = main(sys.argv[1])
    sys.stderr.flush()
    os._exit(code)  # all is said goodbye to; unloading modules takes a second on a busy machine
