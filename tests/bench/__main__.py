"""`python -m tests.bench [NAME...]`: run measurements, keep them, and print each as it is taken."""

import importlib
import json
import sys
import time

from tests.bench.figures import Figure, keep

# In the order of the path that an order takes; the long ones last.
ALL = ("drain", "commands", "orders", "reads", "lists", "streams", "hostile", "replicas", "soak")
BY_NAME = ("matching",)  # a quarter of an hour at its greatest size: `make bench-matching`


def main(names: list[str]) -> int:
    known = (*ALL, *BY_NAME)
    unknown = set(names) - set(known)
    if unknown:
        print(f"没有这些测量 / no such measurements: {', '.join(sorted(unknown))}", file=sys.stderr)
        print(f"可用 / there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names or ALL:
        _run(name)
    return 0


def _run(name: str) -> None:
    _tell(f"== {name}")
    began = time.monotonic()
    figures: list[Figure] = importlib.import_module(f"tests.bench.{name}").measure(_tell)
    measurement = keep(name, figures, time.monotonic() - began)
    print(json.dumps({name: measurement}, ensure_ascii=False), flush=True)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
