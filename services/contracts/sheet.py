"""The columns of a sheet of supplies, and the headings by which they are known."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from services.contracts.phrases import fold

TARGETS = ("own", "public")  # drafts of a supplier's own, or public suppliers of the programme
_SEPARATORS = re.compile("[/\n]")
_REMARKS = re.compile(r"\([^()]*\)")  # a unit or a hint beside the name


class Column(NamedTuple):
    """`field` as the API names it. `targets`: in whose sheets it may stand."""

    field: str
    zh: str
    en: str
    reads: str
    targets: tuple[str, ...]
    is_required: bool
    example: str

    @property
    def heading(self) -> str:
        """As the template has it."""
        return f"{self.zh} / {self.en}"


COLUMNS: tuple[Column, ...] = tuple(
    Column(
        entry["field"],
        entry["zh"],
        entry["en"],
        entry["reads"],
        (entry["for"],) if "for" in entry else TARGETS,
        entry.get("required", False),
        entry["example"],
    )
    for entry in yaml.safe_load(
        Path(__file__).with_name("supply_columns.yaml").read_text(encoding="utf-8")
    )
)


def columns(target: str) -> tuple[Column, ...]:
    """Those of a sheet for this target, in the order of the template."""
    return tuple(column for column in COLUMNS if target in column.targets)


def named(heading: str, target: str) -> Column | None:
    """The column of this heading; None for one that no sheet of this target has."""
    known = {_plain(name): column for column in columns(target) for name in column[:3]}
    return next((known[name] for name in _names(heading) if name in known), None)


def _names(heading: str) -> Iterator[str]:
    """The whole of it first: `GB/T 4754` has a slash of its own."""
    yield from map(_plain, [heading, *_SEPARATORS.split(heading)])


def _plain(name: str) -> str:
    """Whatever its width, case, spaces and asterisk; `（元）` is no part of it."""
    return "".join(_REMARKS.sub("", fold(name)).replace("*", "").split())
