"""Which values that were read are sure enough to be proposed, by `sureness.yaml`."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.matching.reading.found import Found, Reading

_FILE = Path(__file__).with_name("sureness.yaml")
_PPM = 1000  # the file counts in thousandths


def proposed(reading: Reading, field: str) -> Any:
    """The value of the best candidate of a field that is sure enough; None: unknown."""
    best = reading.best(field)
    return best.value if best is not None and is_sure(best) else None


def is_sure(found: Found) -> bool:
    """Whether the words are clear enough for this field; never for one that is always asked."""
    least = _least_ppm().get(found.field)
    return least is not None and found.confidence_ppm >= least


@cache
def _least_ppm() -> dict[str, int]:
    listed: dict[str, int] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {field: thousandths * _PPM for field, thousandths in listed.items()}
