"""The page of the API for people: all of the document, in two languages, nothing that runs."""

import re
import xml.etree.ElementTree as ET

import pytest

from services.contracts.registry import EVENTS
from services.gateway.edge import docs, openapi
from services.gateway.edge.docs.guide import TAGS, Guide
from services.gateway.edge.docs.operations import anchor
from services.gateway.edge.routes import ROUTES

LANGUAGES = {"zh": "zh-CN", "en": "en"}
DOCUMENT = openapi.document()


@pytest.fixture(scope="module", params=sorted(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def page(language: str) -> ET.Element:
    return ET.fromstring(docs.page(language).removeprefix("<!doctype html>"))


def test_everything_has_its_place_and_every_link_leads_somewhere(
    page: ET.Element, language: str
) -> None:
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert page.get("lang") == LANGUAGES[language] and len(ids) == len(set(ids))
    for path, ways in DOCUMENT["paths"].items():
        assert {anchor(method, path) for method in ways} <= set(ids)
    assert {f"type-{name}" for name in DOCUMENT["components"]["schemas"]} <= set(ids)
    said = {element.text for element in page.iter("code")}
    assert set(EVENTS) <= said
    for link in page.iter("a"):
        href = link.get("href", "")
        assert not href.startswith("#") or href[1:] in ids, href


def test_it_runs_nothing_and_asks_nobody(page: ET.Element, language: str) -> None:
    assert not {element.tag for element in page.iter()} & {"script", "img", "iframe", "object"}
    assert not re.search(r"\son\w+=", docs.page(language))
    assert "unsafe" not in docs.policy() and docs.policy().startswith("default-src 'none'")


def test_every_operation_has_a_name_in_chinese() -> None:
    """Whoever adds a verb, a group or a fixed route names it in `guide.yaml`."""
    chinese = Guide("zh")
    for path, ways in DOCUMENT["paths"].items():
        for method, operation in ways.items():
            route = next(r for r in ROUTES if (r.method.lower(), r.label) == (method, path))
            said = chinese.summary(route, operation["summary"])
            assert re.search("[\u4e00-\u9fff]", said) and operation["tags"][0] in TAGS, path


def test_examples_are_as_one_would_type_them(page: ET.Element) -> None:
    (entry,) = (e for e in page.iter("details") if e.get("id") == "post-api-v1-demands")
    (asked,) = (e.text or "" for e in entry.iter("pre") if "curl" in (e.text or ""))
    assert "Idempotency-Key" in asked and '"title": "…"' in asked and "Bearer $KEY" in asked
