"""Facets of a demand's kind: whether a supply shares a value with what is asked for."""

from collections.abc import Iterable, Mapping

from services.contracts.kinds import FACETS, Span
from services.contracts.notes import SEPARATOR
from services.matching.verdicts import Holds, Note

Met = Mapping[int, Holds]  # by the number of a facet that the demand states


def met(wanted: Iterable[Span], offered: Iterable[Span]) -> Met:
    """None: the supply does not say."""
    has = by_facet(offered)
    return {
        facet: _overlap(spans, has[facet]) if facet in has else None
        for facet, spans in by_facet(wanted).items()
    }


def by_facet(spans: Iterable[Span]) -> dict[int, list[Span]]:
    """In the order in which they come."""
    found: dict[int, list[Span]] = {}
    for span in spans:
        found.setdefault(span.facet, []).append(span)
    return found


def required(found: Met) -> Holds:
    """Whether every hard facet agrees."""
    verdicts = _of(found, is_hard=True).values()
    return False if False in verdicts else None if None in verdicts else True


def preferred(found: Met) -> Holds:
    """Whether every other facet agrees. A preference that is not met excludes nobody."""
    return True if all(_of(found, is_hard=False).values()) else None


def note_on_required(found: Met) -> Note:
    return _note(_of(found, is_hard=True), {False: "lacks", None: "check", True: ""})


def note_on_preferred(found: Met) -> Note:
    return _note(_of(found, is_hard=False), {False: "unmet", None: "check", True: ""})


def states(wanted: Iterable[Span], *, is_hard: bool) -> bool:
    """Whether there is a facet of that sort to say something of."""
    return any(FACETS[span.facet].is_hard == is_hard for span in wanted)


def _of(found: Met, *, is_hard: bool) -> dict[str, Holds]:
    """By code, those that are hard, or those that are not."""
    each = ((FACETS[number], holds) for number, holds in found.items())
    return {facet.code: holds for facet, holds in each if facet.is_hard == is_hard}


def _note(asked: Mapping[str, Holds], variants: Mapping[Holds, str]) -> Note:
    """The worst that there is to say, and of which facets."""
    worst = next(holds for holds in variants if holds in asked.values())
    told = [code for code, holds in asked.items() if holds is worst]
    return Note(variants[worst], (SEPARATOR.join(told),))


def _overlap(spans: Iterable[Span], others: Iterable[Span]) -> bool:
    return any(one.low <= other.high and other.low <= one.high for one in spans for other in others)
