"""Open data keeps to the standard's own schema, and says no more than the public view."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from services.contracts.demand import METHODS
from services.gateway.ocds import mapping
from services.gateway.readmodel import audiences
from services.gateway.readmodel.rendering import render
from services.orders.lifecycle import DEMAND
from tests.unit.gateway.states import a_state

SCHEMA = Path(__file__).with_name("ocds") / "release-schema-1__1__4.json"
PREFIX = "ocds-qf0000"
WHEN = "2026-03-02T01:30:00+00:00"
BUYER = {"number": "QF-P-2026-000001", "name": "穗城水务集团", "credit_code": "914401017",
         "region": "广州市"}  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> Any:
    return jsonschema_rs.validator_for(
        json.loads(SCHEMA.read_text(encoding="utf-8")), validate_formats=True
    )


def released(buyer: dict[str, Any] = BUYER, **changes: Any) -> dict[str, Any]:
    """The release of a demand as everybody sees it."""
    given = {"published_at": WHEN, "number": "QF-D-2026-000007", "category": "软件开发"} | changes
    public = render(audiences.documents("demand", a_state("demand", **given))[audiences.PUBLIC])
    return mapping.release(PREFIX, public, buyer, '"abcdef0123456789"', WHEN)


@pytest.mark.parametrize("state", sorted(DEMAND.states - {"draft"}))
@pytest.mark.parametrize("method", METHODS)
def test_every_state_and_method_is_a_valid_release(schema: Any, state: str, method: str) -> None:
    release = released(state=state, method=method)
    assert [error.message for error in schema.iter_errors(release)] == []
    assert release["tender"]["status"] and release["tender"]["procurementMethod"]


def test_a_demand_that_states_little_is_valid_too(schema: Any) -> None:
    release = released(
        {}, text="", budget_fen=None, quote_deadline_at=None, delivery_due_date=None,
        requirements=None, quantity=None, category=None, buyer_name=None, state="published",
    )  # fmt: skip
    assert [error.message for error in schema.iter_errors(release)] == []
    assert "value" not in release["tender"] and "planning" not in release


def test_a_release_says_what_the_demand_says() -> None:
    release = released(state="published", version=1, budget_fen=128_500_000)
    assert (release["ocid"], release["tag"]) == (f"{PREFIX}-QF-D-2026-000007", ["tender"])
    assert release["id"] == f"{PREFIX}-QF-D-2026-000007-abcdef012345"
    tender = release["tender"]
    assert tender["value"] == {"amount": 1_285_000, "currency": "CNY"}
    assert tender["contractPeriod"] == {"endDate": "2026-05-06T23:59:59+08:00"}
    (item,) = tender["items"]
    assert item["classification"]["scheme"] == mapping.CAPABILITIES
    (party,) = release["parties"]
    assert party["id"] == "CN-USCI-914401017"
    assert party["identifier"] == {
        "scheme": "CN-USCI", "id": "914401017", "legalName": party["name"],
    }  # fmt: skip
    assert release["buyer"]["id"] == tender["procuringEntity"]["id"] == party["id"]


@pytest.mark.parametrize("fen", [1, 99, 12_345_678_901, 10**15, 10**15 - 1])
def test_amounts_come_back_to_the_fen(fen: int) -> None:
    text = json.dumps(released(budget_fen=fen)["tender"]["value"]["amount"])
    assert round(float(text) * 100) == fen


def test_the_winner_is_in_no_release() -> None:
    text = json.dumps(released(state="contracted"), ensure_ascii=False)
    state = a_state("demand")
    for name in ("awarded_supplier_id", "awarded_quote_id", "awarded_supply_id", "contract_id",
                 "reason_note"):  # fmt: skip
        assert str(state[name]) not in text
    assert '"awards"' not in text and '"contracts"' not in text and "tenderers" not in text.lower()


def test_another_publishers_process_is_none_of_ours() -> None:
    assert mapping.number_of(PREFIX, f"{PREFIX}-QF-D-2026-000007") == "QF-D-2026-000007"
    assert mapping.number_of(PREFIX, "ocds-abc123-QF-D-2026-000007") is None
