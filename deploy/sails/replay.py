"""`sails matching replay`: scores that were given, computed anew from what was stored with them."""

import json
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Annotated, Any, NamedTuple

import psycopg2
import typer

from deploy.sails import runner
from deploy.sails.check.command import CannotCheck
from deploy.sails.check.databases import reading
from deploy.sails.control import NotRunning
from deploy.sails.lifecycle import State
from deploy.sails.output import FAILED, Json, answer, failures, table
from deploy.sails.state import DEFAULT_ROOT, StateFolder
from deploy.sails.texts import text

Newest = Annotated[int, typer.Option(min=1, max=1_000_000, help=text("help-replay-newest"))]

SHOWN = 10  # that do not agree; the rest is counted
# Newest first, because it is asked most often of what was done of late.
_MATCHES = """
    SELECT number, weights_version, score_ppm, contributions FROM matches
     WHERE score_ppm IS NOT NULL ORDER BY id DESC LIMIT {newest}
"""
_WITHHELD = """
    SELECT id::text, one FROM (
        SELECT id, withheld FROM demand_copies
         WHERE withheld IS NOT NULL ORDER BY id DESC LIMIT {newest}
    ) AS demand, jsonb_array_elements(withheld) AS one WHERE one ? 'values_ppm'
"""


class Odd(NamedTuple):
    """A score that does not come out: whose, and what does not agree."""

    place: str
    wrong: str


def replay(as_json: Json = False, state: State = DEFAULT_ROOT, newest: Newest = 10_000) -> None:
    """Compute anew the scores of the newest matches and rankings; exit code 1 where one differs."""
    with failures(as_json):
        layout = runner.running_layout(StateFolder(state))
        if layout is None:
            raise NotRunning(str(state))
        counted, odd = replayed(layout.environment, newest)
    facts: dict[str, Any] = {
        "ok": not odd,
        "replayed": dict(counted),
        "differing": len(odd),
        "first": [one._asdict() for one in odd[:SHOWN]],
    }
    rows = [[name, f"{number:,}"] for name, number in counted.items()]
    lines = [f"{one.place}: {one.wrong}" for one in odd[:SHOWN]]
    held = text("replay-agrees") if not odd else text("replay-differs", count=len(odd))
    answer(as_json, facts, table(rows, "column-figure", "column-count"), held, *lines)
    if odd:
        raise typer.Exit(FAILED)


def replayed(environment: Mapping[str, str], newest: int) -> tuple[Counter[str], list[Odd]]:
    """How many of each kind were looked at, and those that do not agree. Raises CannotCheck."""
    counted, odd = Counter[str](matches=0, withheld=0), list[Odd]()
    for kind, place, wrong in _looked_at(environment, newest):
        counted[kind] += 1
        if wrong:
            odd.append(Odd(place, wrong))
    return counted, odd


def _looked_at(environment: Mapping[str, str], newest: int) -> Iterator[tuple[str, str, str]]:
    room = _matching()
    versions = {weights.version: weights for weights in room.scoring.all_weights()}
    try:
        with reading(environment) as databases:
            found = databases.all_rows("matching", _MATCHES.format(newest=newest))
            short = databases.all_rows("matching", _WITHHELD.format(newest=newest))
    except (psycopg2.Error, OSError) as away:
        raise CannotCheck(str(away).strip()) from away
    for number, version, score_ppm, contributions in found:
        given = score_ppm, _parsed(contributions), versions.get(version)
        yield "matches", number, room.replay.of_match(*given).wrong
    for demand_id, stored in short:
        one = _parsed(stored)
        given = one["score_ppm"], one["values_ppm"], versions.get(one["weights_version"])
        yield "withheld", f"{demand_id}: {one['supply_id']}", room.replay.in_short(*given).wrong


def _parsed(value: Any) -> Any:
    """A driver gives JSON as objects or, where told so, as text."""
    return json.loads(value) if isinstance(value, str) else value


def _matching() -> ModuleType:
    """Imported late: a second for all of matching, which other commands need not wait for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import services.matching.replay
        import services.matching.scoring

        return services.matching
