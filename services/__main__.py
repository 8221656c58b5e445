"""`python -m services orders|matching|finance|gateway-worker|gateway-http`: one process."""

import warnings

warnings.filterwarnings("ignore", module="eventlet")
warnings.filterwarnings("ignore", message=".*Eventlet is deprecated.*")
warnings.filterwarnings("ignore", message=".*pkg_resources.*")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import sys  # noqa: E402

from services.process import PROGRAMS, main  # noqa: E402

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in PROGRAMS:
        sys.exit(f"usage: python -m services {'|'.join(PROGRAMS)}")
    sys.exit(main(sys.argv[1]))
