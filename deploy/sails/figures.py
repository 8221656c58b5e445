"""Figures of measurements, and comparisons of them, as people read them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.table import Table

from deploy.sails.output import table
from deploy.sails.texts import text

if TYPE_CHECKING:
    from services.matching.evaluation.report import Comparison


def value(figure: Mapping[str, float] | float) -> str:
    return str(figure["value"] if isinstance(figure, Mapping) else figure)


def interval(figure: Mapping[str, float] | float) -> str:
    return f"{figure['low']} … {figure['high']}" if isinstance(figure, Mapping) else ""


def comparison(compared: Mapping[str, "Comparison"], theirs: str) -> Table:
    """By figure; `theirs`: the heading of what it is compared with."""
    rows = [
        [
            name,
            f"{value(shown['theirs'])} {interval(shown['theirs'])}",
            f"{shown['difference']['value']:+} {interval(shown['difference'])}",
            text(f"verdict-{shown['verdict']}"),
        ]
        for name, shown in ((name, one.to_json()) for name, one in compared.items())
    ]
    return table(rows, "column-figure", theirs, "column-difference", "column-verdict")
