"""`python -m tests.bench.hop_service CLASS`: one end of our hop as a process."""

import warnings

warnings.filterwarnings("ignore")
import eventlet  # noqa: E402

eventlet.monkey_patch()

import os  # noqa: E402
import sys  # noqa: E402

from services import settings  # noqa: E402
from services.observability import logs  # noqa: E402
from services.process import run  # noqa: E402
from tests.bench import hop_parts  # noqa: E402

if __name__ == "__main__":
    part = getattr(hop_parts, sys.argv[1])
    logs.configure(part.__name__)
    code = run(part, settings.load(part.name))
    sys.stderr.flush()
    os._exit(code)
