"""The sandbox registry: it files what is committed, and cancels what is let go."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.sandbox.registry.register import Register
from deploy.sandbox.registry.registry import Registry
from services.client import Client
from tests.unit.sandbox.scripted import Scripted, ok, serving

POSITION = {
    "id": "pos-1",
    "number": "QF-N-1",
    "receivable_id": "rec-1",
    "bank_id": "bank-a",
}


def now(state: str) -> dict[str, Any]:
    """A fact about the position, with the position as it is now."""
    return {"kind": "position", "document": POSITION | {"state": state}}


@pytest.fixture
def platform() -> Iterator[Scripted]:
    script = {
        "GET /clock": [ok({"offset_s": 0})],
        "POST /positions/pos-1/file": [ok({})],
        "POST /positions/pos-1/release": [ok({})],
    }
    with serving(script) as scripted:
        yield scripted


@pytest.fixture
def registry(platform: Scripted, tmp_path: Path) -> Registry:
    return Registry(Client(platform.url, "k"), Register(tmp_path / "registry.sqlite"))


def test_a_committed_share_is_filed(platform: Scripted, registry: Registry) -> None:
    registry.handle(now("committed"))
    (answer,) = platform.bodies("POST /positions/pos-1/file")
    assert answer["search"] == "clear"
    assert [entry.number for entry in registry.register.search("rec-1")] == [
        answer["filing_number"]
    ]


def test_a_filing_is_cancelled_when_the_share_is_let_go(
    platform: Scripted, registry: Registry
) -> None:
    registry.handle(now("committed"))
    for _ in range(2):  # a fact may come again
        registry.handle(now("releasing"))
    assert registry.register.search("rec-1") == []
    assert len(set(platform.keys("POST /positions/pos-1/release"))) == 1


def test_a_filing_is_cancelled_when_the_debtor_has_paid_all(
    platform: Scripted, registry: Registry
) -> None:
    registry.handle(now("committed"))
    registry.handle(now("settled"))
    assert registry.register.search("rec-1") == []
    assert platform.bodies("POST /positions/pos-1/release") == []


def test_a_share_released_before_its_filing_was_known_leaves_no_entry(
    platform: Scripted, registry: Registry
) -> None:
    registry.handle(now("committed"))
    registry.handle(now("released"))
    assert registry.register.search("rec-1") == []
    assert platform.bodies("POST /positions/pos-1/release") == []


def test_the_next_bank_files_on_a_claim_that_is_clear_again(
    platform: Scripted, registry: Registry
) -> None:
    registry.handle(now("committed"))
    registry.handle(now("releasing"))
    mine = registry.register.file("rec-1", "bank-b", "pos-2", "2099-01-01T00:00:00+00:00")
    assert registry.register.search("rec-1") == [mine]
