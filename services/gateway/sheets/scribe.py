"""The process that writes one file: `scribe FORMAT KIND LANGUAGE CUT`, documents on stdin.

They come as JSON, a line each; the file goes to stdout.
"""

import resource
import sys

from services.gateway.sheets import bounds
from services.gateway.sheets.writing import write_as


def main() -> None:
    """Bounded, so that no list takes more of the machine than its share."""
    for limit, most in (
        (resource.RLIMIT_AS, bounds.MEMORY_BYTES),
        (resource.RLIMIT_CPU, bounds.WRITING_CPU_S),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    write_as(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
