"""The sandbox registry's order of priority (Civil Code art. 768) and its second search."""

from pathlib import Path

import pytest

from deploy.sandbox.registry.register import Register

NINE, TEN = "2026-03-02T09:59:00+08:00", "2026-03-02T10:00:00+08:00"


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path / "registry.sqlite")


def test_the_earlier_time_comes_first_whatever_the_number(register: Register) -> None:
    register.file("rec-1", "A", "pos-a", TEN)
    register.file("rec-1", "B", "pos-b", NINE)
    assert [entry.secured_party for entry in register.search("rec-1")] == ["B", "A"]


def test_equal_times_go_by_filing_number(register: Register) -> None:
    register.file("rec-1", "A", "pos-a", TEN)
    register.file("rec-1", "B", "pos-b", "2026-03-02T02:00:00+00:00")  # the same instant
    assert [entry.secured_party for entry in register.search("rec-1")] == ["A", "B"]


def test_filing_again_answers_the_first_entry(register: Register) -> None:
    first = register.file("rec-1", "A", "pos-a", NINE)
    assert register.file("rec-1", "A", "pos-a", TEN) == first
    assert register.search("rec-1") == [first]


def test_other_shares_of_the_claim_do_not_compete(register: Register) -> None:
    register.file("rec-1", "A", "pos-a", NINE)
    mine = register.file("rec-1", "B", "pos-b", TEN)
    assert register.ahead_of(mine) == []


def test_an_earlier_filing_on_the_whole_claim_is_a_prior_one(register: Register) -> None:
    rival = register.file("rec-1", "C", None, NINE)
    mine = register.file("rec-1", "B", "pos-b", TEN)
    assert register.ahead_of(mine) == [rival]


def test_another_claim_is_another_matter(register: Register) -> None:
    register.file("rec-2", "C", None, NINE)
    assert register.ahead_of(register.file("rec-1", "B", "pos-b", TEN)) == []
