"""Effective-dated rules as data: each with its citation, chosen by the date that the law names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Rule:
    """One version of a rule. `status` says whether counsel has confirmed the reading."""

    id: str
    citation: str
    effective_from: date
    effective_to: date | None  # the last day it applies; None: until further notice
    status: str
    parameters: Mapping[str, Any]

    def applies(self, day: date) -> bool:
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )


class NoRule(LookupError):
    """No version of the rule was in force on that day."""


@dataclass(frozen=True)
class Book:
    """The rules of one service, as its YAML files state them."""

    rules: tuple[Rule, ...]

    def at(self, rule_id: str, day: date) -> Rule:
        """The version in force on `day`; the latest to take effect where two overlap.

        Raises NoRule where none was in force.
        """
        versions = [rule for rule in self.rules if rule.id == rule_id and rule.applies(day)]
        if not versions:
            raise NoRule(f"{rule_id} on {day}")
        return max(versions, key=lambda rule: rule.effective_from)


@cache
def book(folder: Path) -> Book:
    """All rules of the `*.yaml` files in `folder`; each file is a list of rule versions."""
    return Book(
        tuple(
            _rule(entry)
            for path in sorted(folder.glob("*.yaml"))
            for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
        )
    )


def _rule(entry: dict[str, Any]) -> Rule:
    return Rule(
        id=entry["id"],
        citation=entry["citation"],
        effective_from=entry["effective_from"],
        effective_to=entry.get("effective_to"),
        status=entry["status"],
        parameters=entry.get("parameters") or {},
    )
