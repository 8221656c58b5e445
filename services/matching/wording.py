"""What a supply says, as the columns of its row: what is derived from it, and what may not be."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.contracts import capabilities
from services.contracts.problems import Problem

Columns = dict[str, Any]
GIVEN, RECOGNISED = "given", "recognised"


def stated(args: Mapping[str, Any]) -> Columns:
    """What was given, and the capabilities that it speaks of. Raises Problem("price_range")."""
    low, high = args["price_min_fen"], args["price_max_fen"]
    if low is not None and high is not None and low > high:
        raise Problem("price_range", "/price_max")
    given = list(dict.fromkeys(args["capability_codes"]))
    codes = given or recognised(args["title"], args["categories"])
    said = {"capability_codes": codes, "capabilities_from": GIVEN if given else RECOGNISED}
    return {**args, **said}


def recognised(title: str, categories: Sequence[str]) -> list[str]:
    """The capabilities of what it is called, the surest first."""
    named = [code for category in categories if (code := capabilities.named(category))]
    found = capabilities.recognise("\n".join([title, *categories]))
    return list(dict.fromkeys([*named, *(one.code for one in found)]))[: capabilities.LIMIT]


def capacity(declared: int | None, taken: int) -> Columns:
    """Declared anew beside what awards have taken. Raises Problem("capacity_below_taken")."""
    if taken > (declared or 0):
        raise Problem("capacity_below_taken", "/capacity_declared", taken=taken)
    free = None if declared is None else declared - taken
    return {"capacity_declared": declared, "capacity_free": free}
