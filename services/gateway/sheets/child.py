"""The process that reads one file: `child FORMAT TARGET`, the file on stdin.

Its first line is `{}`, or why nothing can be read: `{"code", "params"}`; behind it are the rows.
"""

import json
import resource
import sys

from services.gateway.sheets import bounds
from services.gateway.sheets.refusal import Unreadable


def main() -> None:
    """Bounded before anything of the file is looked at."""
    for limit, most in (
        (resource.RLIMIT_AS, bounds.MEMORY_BYTES),
        (resource.RLIMIT_CPU, bounds.CPU_S),
        (resource.RLIMIT_FSIZE, bounds.OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    print(_read(*sys.argv[1:]))


def _read(format: str, target: str) -> str:
    from services.gateway.sheets import reading  # the libraries, within the bounds

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        rows = list(reading.lines(format, target, sys.stdin.buffer.read()))
    except Unreadable as unreadable:
        return json.dumps({"code": unreadable.code, "params": unreadable.params})
    except MemoryError:
        return json.dumps({"code": "file_too_much", "params": {}})
    return "\n".join(["{}", *rows])


if __name__ == "__main__":
    main()
