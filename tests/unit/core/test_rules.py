"""A rule is chosen by the date the law names."""

from datetime import date
from pathlib import Path

import pytest

from services.rules import NoRule, book

TEXT = """
- {id: term, citation: old, effective_from: 2020-09-01, effective_to: 2025-05-31, status: read,
   parameters: {days: 60}}
- {id: term, citation: new, effective_from: 2025-06-01, status: read, parameters: {days: 30}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "terms.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("day", "citation"), [(date(2025, 5, 31), "old"), (date(2025, 6, 1), "new")]
)
def test_the_version_in_force_on_the_day(folder: Path, day: date, citation: str) -> None:
    assert book(folder).at("term", day).citation == citation


def test_a_day_before_any_version_has_no_rule(folder: Path) -> None:
    with pytest.raises(NoRule):
        book(folder).at("term", date(2019, 1, 1))
