"""What a measurement yields, and how it is kept and shown."""

import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.sails.state import REPOSITORY

KEPT = REPOSITORY / "docs" / "performance.json"
PAGE = REPOSITORY / "docs" / "performance.md"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"

Tell = Callable[[str], None]
Measurement = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """One number with its unit. `beside` is the yardstick taken in the same run, same unit.

    `wanted` is the target in words, such as "≥ 2,000" or "≥ 3 × stock".
    """

    name: str
    value: float
    unit: str
    beside: float | None = None
    yardstick: str = ""
    wanted: str = ""


def keep(name: str, figures: Iterable[Figure], seconds: float) -> Measurement:
    """Put a measurement in the place of the one before, with the circumstances it was taken in."""
    measurement = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "seconds": round(seconds, 1),
        "figures": [asdict(figure) for figure in figures],
    }
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    kept[name] = measurement
    text = json.dumps(dict(sorted(kept.items())), ensure_ascii=False, indent=1) + "\n"
    KEPT.write_text(text, "utf-8")
    show(kept)
    return measurement


def show(kept: dict[str, Measurement], page: Path = PAGE) -> None:
    """Write the table between the page's two marks; what people wrote around it stays."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{table(kept)}{END}{after}", "utf-8")


def table(kept: dict[str, Measurement]) -> str:
    """Markdown: a row per figure."""
    lines = [
        "| measurement | figure | value | beside | ratio | wanted | commit |",
        "|---|---|---:|---:|---:|---|---|",
    ]
    for name, measurement in sorted(kept.items()):
        commit = measurement["commit"]
        lines += [_row(name, commit, figure) for figure in measurement["figures"]]
    return "\n".join(lines) + "\n"


def _row(name: str, commit: str, figure: dict[str, Any]) -> str:
    value, beside = figure["value"], figure["beside"]
    shown = "" if beside is None else f"{figure['yardstick']} {beside:,.4g}"
    ratio = "" if not beside else f"{value / beside:.2f}"
    cells = (name, figure["name"], f"{_number(value)} {figure['unit']}", shown, ratio)
    return f"| {' | '.join((*cells, figure['wanted'], commit))} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def _commit() -> str:
    """The commit measured, with `+` when the tree has changes of its own."""

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=True
        ).stdout.strip()

    changed = git("status", "--porcelain", "--", "services", "deploy")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")
