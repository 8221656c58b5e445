"""Kinds are whole, their facets are checked by the kind beside them, and compare as spans."""

import re
from types import MappingProxyType
from typing import Any

import pytest
from marshmallow import Schema

from deploy.sails import docs
from services.contracts import demand, kinds
from services.contracts.demand import DraftDemand, ImportedDemand
from services.contracts.facets import STATED
from services.contracts.kinds import ANSWERS, DEMANDS, FACETS, LEAST, MOST, Facet, Span
from services.contracts.problems import Problem
from services.contracts.problems.field_messages import translate
from services.contracts.supply import DraftSupply
from services.messaging.request import load_arguments

HAN = re.compile(r"[\u4e00-\u9fff]")
each_facet = pytest.mark.parametrize("facet", FACETS, ids=lambda facet: facet.code)
YUAN = {"currency": "CNY"}
AREA = {"area_m2": {"min": 800, "max": 1500}}
# What may be given of each type, and what it is in a fact.
GIVEN: dict[str, tuple[Any, Any]] = {
    "capabilities": (["等保测评", "works.road"], ["it.security", "works.road"]),
    "count": ({"min": 800}, {"min": 800}),
    "money": ({"max": {"amount": "50.00", **YUAN}}, {"max_fen": 5_000}),
    "day": ("2026-12-31", "2026-12-31"),
    "flag": (True, True),
}


def loaded(schema: type[Schema], **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = load_arguments(schema(), {"title": "合规的标题"} | given)
    return found


def refusals(schema: type[Schema], **given: Any) -> dict[str, str]:
    """Pointer → what is wrong with it."""
    with pytest.raises(Problem) as refused:
        loaded(schema, **given)
    return {error["pointer"]: error["message"] for error in refused.value.errors}


def number(code: str) -> int:
    return kinds.BY_CODE[code].number


def test_every_kind_of_supply_answers_one_kind_of_demand() -> None:
    assert set(ANSWERS) == set(kinds.SUPPLIES)
    assert sum(len(kind.answered_by) for kind in DEMANDS.values()) == len(ANSWERS)
    assert all(set(kind.methods) <= set(demand.METHODS) for kind in DEMANDS.values())


def test_service_packages_have_the_ten_classes_of_the_programme() -> None:
    names = [name.zh for name in kinds.BY_CODE["service.class"].codes.values()]
    assert names == [
        "融资上市", "战略规划", "法律财税", "卓越绩效", "知识产权", "企业文化", "产业协作",
        "人力资源", "信息化", "其他",
    ]  # fmt: skip


@each_facet
def test_both_languages_name_it(facet: Facet) -> None:
    for zh, en in (facet.names, *facet.codes.values()):
        assert HAN.search(zh) and not HAN.search(en)
    assert re.fullmatch(r"[a-z][a-z0-9_]{1,39}", facet.name)
    assert not facet.name.endswith("_fen")  # at the edge that would be money
    assert (facet.type == "codes") == bool(facet.codes)


@each_facet
def test_it_is_loaded_as_facts_carry_it(facet: Facet) -> None:
    codes = list(facet.codes)[:2]
    given, stated = GIVEN.get(facet.type, (codes, codes))
    supply = DEMANDS[facet.kind].answered_by[0]
    for schema, kind in ((DraftDemand, facet.kind), (DraftSupply, supply)):
        assert loaded(schema, kind=kind, facets={facet.name: given})["facets"] == {
            facet.name: stated
        }
    assert STATED[facet.kind]().dump({facet.name: stated}) == {facet.name: stated}


WRONG = [
    ({"kind": "space", "facets": {"colour": ["red"]}}, "/facets/colour", "Unknown field."),
    ({"facets": AREA}, "/facets/area_m2", "Unknown field."),  # an order has none
    ({"kind": "space", "facets": []}, "/facets", "Expected a JSON object."),
    ({"kind": "space", "facets": {"type": "factory"}}, "/facets/type", "Not a valid list."),
    ({"kind": "space", "facets": {"type": []}}, "/facets/type",
     "Length must be between 1 and 20."),
    ({"kind": "space", "facets": {"type": ["tent"]}}, "/facets/type/0",
     "Must be one of: plot, building, floor, factory, vacated_site, residence."),
    ({"kind": "space", "facets": {"area_m2": 7}}, "/facets/area_m2", "Invalid input type."),
    ({"kind": "space", "facets": {"area_m2": {}}}, "/facets/area_m2", "Give min, max or both."),
    ({"kind": "space", "facets": {"area_m2": {"min": 9, "max": 8}}}, "/facets/area_m2",
     "The minimum is above the maximum."),
    ({"kind": "space", "facets": {"area_m2": {"min": True}}}, "/facets/area_m2/min",
     "Not a valid integer."),
    ({"kind": "space", "facets": {"area_m2": {"least": 1}}}, "/facets/area_m2/least",
     "Unknown field."),
    ({"kind": "space", "facets": {"rent_per_m2_month": {"max": 50}}},
     "/facets/rent_per_m2_month/max", "Expected an object with amount and currency."),
    ({"kind": "challenge", "facets": {"fields": ["没有这一类"]}}, "/facets/fields/0",
     "Not a capability."),
    ({"kind": "challenge", "facets": {"ready_on": "31.12.2026"}}, "/facets/ready_on",
     "Not a valid date."),
    ({"kind": "lab", "facets": {"accredited": "yes"}}, "/facets/accredited",
     "Not a valid boolean."),
    ({"kind": "lab", "facets": {"class": None}}, "/facets/class", "Field may not be null."),
]  # fmt: skip


@pytest.mark.parametrize(("given", "pointer", "message"), WRONG)
def test_what_is_wrong_is_pointed_at_in_both_languages(
    given: dict[str, Any], pointer: str, message: str
) -> None:
    assert refusals(DraftDemand, **given) == {pointer: message}
    assert HAN.search(translate(message, "zh-CN"))


def test_one_mistake_does_not_hide_another() -> None:
    given = {"budget": 1, "kind": "space", "facets": {"type": ["tent"]}}
    assert set(refusals(DraftDemand, **given)) == {"/budget", "/facets/type/0"}


@pytest.mark.parametrize("kind", ["tent", 7, [], None])
def test_an_unknown_kind_is_what_is_wrong(kind: Any) -> None:
    assert set(refusals(DraftDemand, kind=kind, facets=AREA)) == {"/kind"}


def test_a_supply_has_the_facets_of_what_it_answers() -> None:
    assert loaded(DraftSupply, kind="space", facets=AREA)["facets"] == AREA
    assert refusals(DraftSupply, kind="fund", facets=AREA) == {"/facets/area_m2": "Unknown field."}
    # A supply of technology answers orders; a demand for technology is answered by patents.
    licence = {"licence": ["open"]}
    assert loaded(DraftDemand, kind="technology", facets=licence)["facets"] == licence
    assert "/facets/licence" in refusals(DraftSupply, kind="technology", facets=licence)


def test_imported_demands_have_them_too_and_all_may_do_without() -> None:
    row = {"buyer_id": "0198c5f0-0000-7000-8000-00000000000e", "source_ref": "n1",
           "published_on": "2026-03-02"}  # fmt: skip
    assert loaded(ImportedDemand, kind="space", facets=AREA, **row)["facets"] == AREA
    for schema in (DraftDemand, DraftSupply):
        assert loaded(schema)["facets"] is None
        assert loaded(schema, facets=None)["facets"] is None
        assert loaded(schema, facets={})["facets"] == {}


def test_a_method_that_a_kind_does_not_know_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    only = DEMANDS | {
        "mentoring": kinds.Kind("mentoring", kinds.Names("", ""), (), ("direct",), ())
    }
    monkeypatch.setattr(demand, "DEMANDS", MappingProxyType(only))
    assert loaded(DraftDemand, kind="mentoring", method="direct")["method"] == "direct"
    assert refusals(DraftDemand, kind="mentoring", method="auction") == {
        "/method": "Must be one of: direct."
    }


def test_a_demand_says_what_would_do_and_a_supply_what_it_is() -> None:
    ready_on, accredited = number("challenge.ready_on"), number("lab.accredited")
    day = 739_981  # 31 December 2026
    assert kinds.asked("challenge", {"ready_on": "2026-12-31"}) == (Span(ready_on, LEAST, day),)
    assert kinds.offered("solution", {"ready_on": "2026-12-31"}) == (Span(ready_on, day, MOST),)
    assert kinds.asked("lab", {"accredited": True}) == (Span(accredited, 1, 1),)
    assert kinds.asked("lab", {"accredited": False}) == ()
    assert kinds.offered("lab_service", {"accredited": False}) == (Span(accredited, 0, 0),)
    assert kinds.asked("fundraising", {"ticket": {"min_fen": 5}}) == (
        Span(number("fundraising.ticket"), 5, MOST),
    )
    assert kinds.offered("space", None) == kinds.asked("order", {}) == ()


def test_a_group_of_capabilities_reaches_over_its_leaves_and_no_further() -> None:
    (group,) = kinds.asked("mentoring", {"fields": ["it"]})
    (leaf,) = kinds.offered("mentor", {"fields": ["it.security"]})
    (other,) = kinds.offered("mentor", {"fields": ["works.road"]})
    assert group.low <= leaf.low == leaf.high <= group.high
    assert not group.low <= other.low <= group.high


def test_what_a_later_release_adds_is_left_out() -> None:
    stated = {"added_later": 1, "type": ["tent", "plot"]}
    assert kinds.asked("space", stated) == (Span(number("space.type"), 0, 0),)


def test_the_page_of_the_kinds_is_fresh() -> None:
    assert docs.KINDS.read_text("utf-8") == docs.kinds_page(), "run `make docs`"
