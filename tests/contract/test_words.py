"""Everything that people are shown has its words in both languages, and rules are cited alike."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from marshmallow import Schema, fields

from services.contracts import citations, webhook, words
from services.contracts.fields import Code
from services.contracts.joining import Join
from services.contracts.notes import NOTES
from services.contracts.party import CAPACITIES
from services.contracts.registry import AGGREGATES, EVENTS
from services.contracts.roles import ROLES, SCOPES
from services.contracts.session import ChangePassword
from services.gateway.readmodel import audiences
from services.gateway.readmodel.steps.table import BY_CODE, CODES, TABLE
from services.lifecycle import Lifecycle
from services.rules import book

SAID = words.DOCUMENT
HAN = re.compile(r"[\u4e00-\u9fff]")
SERVICES = Path(__file__).parents[2] / "services"
# Fields whose codes have their words under another name, which depends on the kind for some.
GROUP_OF = {
    "buyer_nature": "nature", "buyer_size": "size", "supplier_size": "size", "code": "badge",
    "items": "data_item", "kind": "node_kind", "contract.kind": "contract_kind",
    "demand.kind": "demand_kind", "supply.kind": "supply_kind", "product.kind": "product_kind",
    "scope": "limit_scope", "source": "match_source", "outcome": "deal_outcome",
    "target": "import_target",
}  # fmt: skip
ELSEWHERE = {"capacities": CAPACITIES, "roles": tuple(ROLES), "scopes": tuple(sorted(SCOPES))}


def codes(schema: Schema, at: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The group and the values of each closed list of a state."""
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from codes(inner.schema, "")
        elif isinstance(inner, Code) and name not in ELSEWHERE:
            yield GROUP_OF.get(f"{at}.{name}", GROUP_OF.get(name, name)), inner.choices


def names(schema: Schema) -> set[str]:
    """What its fields are called outside, those within them too."""
    found = set()
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        within = names(inner.schema) if isinstance(inner, fields.Nested) else set()
        found |= {field.data_key or name} | within
    return found


def test_fields_that_are_named_are_those_of_commands() -> None:
    commands = [one for aggregate in AGGREGATES.values() for one in aggregate.commands.values()]
    bodies = [one.arguments for one in commands] + [Join, ChangePassword]
    assert set(SAID["fields"]) <= set().union(*(names(body()) for body in bodies))


def test_every_fact_has_its_words_and_no_other() -> None:
    assert set(SAID["facts"]) == set(EVENTS)
    assert SAID["facts"]["demand.published.v1"] == {"zh": "发布需求", "en": "Demand published"}


def test_every_state_has_its_words_and_no_other() -> None:
    lives = {
        life.aggregate: life.states
        for service in ("gateway", "orders", "matching", "finance")
        for life in vars(importlib.import_module(f"services.{service}.lifecycle")).values()
        if isinstance(life, Lifecycle)
    }
    assert {kind: set(said) for kind, said in SAID["states"].items()} == {
        kind: set(lives[kind]) for kind in AGGREGATES
    }


def test_every_step_duty_capacity_and_scope_has_its_words() -> None:
    assert set(SAID["steps"]) == set(CODES)
    assert set(SAID["kinds"]) == set(AGGREGATES) == set(TABLE)
    for name, expected in ELSEWHERE.items():
        assert set(SAID[name]) == set(expected)


@pytest.mark.parametrize("kind", sorted(AGGREGATES))
def test_every_code_that_a_document_carries_has_its_words(kind: str) -> None:
    for group, values in codes(AGGREGATES[kind].schema, kind):
        assert set(values) <= set(SAID["codes"][group]), group


def test_codes_of_the_edge_have_their_words() -> None:
    bands = {*(band for _, band in audiences.AMOUNT_BANDS), audiences.HIGHEST_BAND}
    assert set(SAID["codes"]["amount_band"]) == bands
    assert set(SAID["codes"]["constraint"]) == set(NOTES)
    assert set(SAID["codes"]["call_cause"]) == set(webhook.CAUSES)
    assert set(SAID["codes"]["call_error"]) == set(webhook.ERRORS)


def test_words_are_chinese_and_english() -> None:
    def each(node: dict[str, object]) -> Iterator[dict[str, str]]:
        if set(node) == {"zh", "en"}:
            yield {name: str(text) for name, text in node.items()}
            return
        for below in node.values():
            assert isinstance(below, dict)
            yield from each(below)

    said = list(each(dict(SAID)))
    assert len(said) > 400
    for one in said:
        assert HAN.search(one["zh"]), one
        assert one["en"] and not HAN.search(one["en"]), one


def test_rules_are_cited_as_the_services_state_them() -> None:
    stated = {
        (rule.id, rule.effective_from): (rule.citation, rule.effective_to)
        for service in ("orders", "finance")
        for rule in book(SERVICES / service / "rules").rules
    }
    for rule in citations.BOOK.rules:
        known = stated[rule.id, rule.effective_from]
        assert known == (rule.citation, rule.effective_to), rule.id
        assert rule.parameters["en"] and not HAN.search(rule.parameters["en"])


def test_every_rule_that_is_named_can_be_cited() -> None:
    cited = {rule.id for rule in citations.BOOK.rules}
    named = set(citations.OF_FACTS.values()) | {step.rule for step in BY_CODE.values() if step.rule}
    assert named == cited
    assert {f"{name}.v1" for name in citations.OF_FACTS} <= set(EVENTS)


@pytest.mark.parametrize("name", words.CHOICES)
def test_a_reason_is_one_of_those_that_its_command_offers(name: str) -> None:
    commands = (one for aggregate in AGGREGATES.values() for one in aggregate.commands.values())
    [taken] = [one.arguments() for one in commands if one.name == name]
    found = taken.fields.get("reason_code") or taken.fields["reason_codes"].inner
    assert isinstance(found, Code)
    assert found.choices == tuple(words.CHOICES[name])


def test_a_reason_s_code_has_one_meaning_wherever_it_is_shown() -> None:
    said = {(code, each) for words_of in words.CHOICES.values() for code, each in words_of.items()}
    assert len({code for code, _ in said}) == len(said)
