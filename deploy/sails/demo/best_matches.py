"""A few real orders with their best matches and the reasons, as one small table each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rich.table import Table

from deploy.sails.demo.narrator import Storyteller
from deploy.sails.demo.person import Document
from deploy.sails.demo.words import named, word
from services.client import Client

CONSIDERED = 80  # of the youngest open orders; among so many some are short and well matched
SHOWN_ORDERS, SHOWN_MATCHES, SHOWN_TERMS = 3, 3, 6
ENOUGH_TERMS = 3  # so many shared words show why; more make it no clearer
READABLE_TITLE = 40  # characters: one line beside its quotation marks
VERDICTS = ("pass", "unknown", "fail")


@dataclass(frozen=True)
class Shown:
    """An order and its best matches, best first."""

    demand: Document
    matches: list[Document]

    def unreadable(self) -> tuple[int, int, bool]:
        """The smaller, the better it can be read: few words shared, a long title, gaps in rank.

        Suppliers with too many open notices are passed over, which leaves gaps.
        """
        fewest = min(len(terms(match)) for match in self.matches)
        too_long = max(0, len(self.demand["title"]) - READABLE_TITLE)
        has_gap = self.matches[-1]["rank"] > len(self.matches)
        return ENOUGH_TERMS - min(fewest, ENOUGH_TERMS), too_long, has_gap


def show(operator: Client, tell: Storyteller) -> None:
    """The best readable ones of the youngest open orders. Raises Refused, NoAnswer."""
    for shown in sorted(_candidates(operator), key=Shown.unreadable)[:SHOWN_ORDERS]:
        tell.console.print()
        tell.says("best-matches", title=shown.demand["title"])
        tell.console.print(drawn(shown.matches))


def terms(match: Document) -> list[str]:
    """The words that both texts share, without those that are part of another of them."""
    shared = match["terms"]
    return [one for one in shared if not any(one != other and one in other for other in shared)]


def drawn(matches: list[Document]) -> Table:
    """A column for each match: who, how well, what the score is made of, and the verdicts."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("  ")
    for match in matches:
        table.add_column(word("match-rank", rank=match["rank"]), overflow="fold")
    for label, values in _rows(matches):
        if any(values):
            table.add_row(f"  {label}", *values)
    return table


def _rows(matches: list[Document]) -> Iterator[tuple[str, list[str]]]:
    yield word("match-supplier"), [match["supplier_name"] for match in matches]
    yield word("match-terms"), [word("and").join(terms(match)[:SHOWN_TERMS]) for match in matches]
    yield word("match-score"), [_percent(match["score_ppm"]) for match in matches]
    for feature in _features(matches):
        label = f"  {named('feature', feature)}"
        yield label, [_percent(_contribution(match, feature)) for match in matches]
    for verdict in VERDICTS:
        yield word(f"verdict-{verdict}"), [_constraints(match, verdict) for match in matches]


def _features(matches: list[Document]) -> list[str]:
    """In the order of the score, without those that add nothing to any of them."""
    parts = [part for match in matches for part in match["contributions"]]
    return list(dict.fromkeys(part["feature"] for part in parts if part["contribution_ppm"]))


def _contribution(match: Document, feature: str) -> int:
    return sum(
        part["contribution_ppm"] for part in match["contributions"] if part["feature"] == feature
    )


def _constraints(match: Document, verdict: str) -> str:
    return word("and").join(
        named("constraint", one["constraint"])
        for one in match["verdicts"]
        if one["verdict"] == verdict
    )


def _percent(ppm: int) -> str:
    return f"{ppm / 10_000:.1f}%"


def _candidates(operator: Client) -> Iterator[Shown]:
    youngest = operator.items("/demands", view="operator", state="published")
    for demand in islice(youngest, CONSIDERED):
        found = operator.items("/matches", view="operator", thread_id=demand["id"])
        ranked = sorted((m for m in found if m["rank"]), key=lambda match: match["rank"])
        if len(ranked) >= SHOWN_MATCHES:
            yield Shown(demand, ranked[:SHOWN_MATCHES])
