"""The story can be told in both languages: no text is missing, no placeholder differs."""

import string

import pytest

from deploy.sails.demo.carry import STEPS
from deploy.sails.demo.facts import KINDS, PASTS, fact
from deploy.sails.demo.words import WORDS
from deploy.sails.texts import TEXTS
from services.contracts.registry import AGGREGATES
from services.matching import constraints, scoring
from tests.unit.matching.pairs import TODAY, a_demand, a_shop

OF_A_THREAD = [name for name in KINDS if name in AGGREGATES]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(("key", "texts"), [*WORDS.items(), *TEXTS.items()])
def test_both_languages_say_the_same_things(key: str, texts: tuple[str, str]) -> None:
    chinese, english = texts
    assert _placeholders(chinese) == _placeholders(english)
    assert chinese and english


@pytest.mark.parametrize("kind", OF_A_THREAD)
def test_every_fact_of_a_thread_has_its_chinese_name(kind: str) -> None:
    assert [past for past in AGGREGATES[kind].past if past not in PASTS] == []


def test_a_fact_is_named_in_the_caller_s_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAILS_LANG", "en")
    assert fact("demand.award_confirmed.v1") == "demand award confirmed"
    monkeypatch.setenv("SAILS_LANG", "zh_CN")
    assert fact("demand.award_confirmed.v1") == "需求 确认成交"
    assert fact("demand.closed.v1") == "需求 报价截止"


def test_no_step_of_the_story_comes_twice() -> None:
    assert len(set(STEPS)) == len(STEPS)


@pytest.mark.parametrize("feature", scoring.FEATURES)
def test_every_part_of_a_score_has_a_name(feature: str) -> None:
    assert f"feature-{feature}" in WORDS


def test_every_hard_constraint_has_a_name() -> None:
    verdicts = constraints.judge(a_demand(), a_shop(), TODAY)
    assert [v.constraint for v in verdicts if f"constraint-{v.constraint}" not in WORDS] == []
