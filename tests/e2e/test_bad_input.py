"""Bad input gets a clear problem with a 4xx status, and changes nothing."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
import requests

from deploy.sails.demo import financing
from services.client import Client
from tests.e2e.scene import Scene
from tests.e2e.wrong import CASES, Wrong

WANTED = {"type", "title", "status", "detail", "instance", "code", "errors"}  # RFC 9457 and ours
TITLE = "🚜 农机 𠮷野 "


@pytest.mark.timeout(300)
def test_bad_input_is_refused_clearly_and_changes_nothing(scene: Scene) -> None:
    deal = scene.carried_to(financing.apply, number=2)
    names = {
        "draft": _demand(deal.buyer["buyer.purchaser"].client, published=False),
        "demand": _demand(deal.buyer["buyer.purchaser"].client, published=True),
        "contract": deal.contract["id"],
        "receivable": deal.receivable["id"],
        "buyer": deal.buyer.id,
        "credit_code": scene.sample.parties[deal.buyer.name]["credit_code"],
    }
    stranger = next(buyer for buyer in scene.company.buyers if buyer is not deal.buyer)
    callers = {
        "buyer": deal.buyer["buyer.purchaser"].client,
        "stranger": stranger["buyer.purchaser"].client,
        "stranger's maker": stranger["buyer.maker"].client,
        "supplier": deal.supplier["supplier.owner"].client,
        "operator": scene.stage.operator,
        "nobody": None,
    }
    before = scene.report()
    answers = [(case, _send(scene.url, case, callers[case.who], names)) for case in CASES]
    after = scene.report()

    assert [line for case, answer in answers for line in _amiss(case, answer)] == []
    assert after.figures == before.figures
    assert (before.violations, after.violations) == ([], [])


def test_an_emoji_is_a_text_like_any_other(scene: Scene) -> None:
    client = scene.company.buyers[0]["buyer.purchaser"].client
    draft = client.post("/demands", {"title": TITLE})
    assert client.get(f"/demands/{draft['id']}")["title"] == TITLE.strip()


def test_problems_speak_the_caller_s_language(scene: Scene) -> None:
    for language, word in (("zh-CN", "字段"), ("en", "fields")):
        client = scene.company.buyers[0]["buyer.purchaser"].client
        headers = _headers(client) | {"Accept-Language": language}
        answer = requests.post(f"{scene.url}/api/v1/demands", json={}, headers=headers, timeout=30)
        assert word in answer.json()["detail"] + answer.json()["title"]


def _send(
    url: str, case: Wrong, client: Client | None, names: Mapping[str, str]
) -> requests.Response:
    body = case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()
    return requests.request(
        case.method,
        f"{url}/api/v1{_filled(case.path, names)}",
        data=_filled(body.decode("latin-1"), names).encode("latin-1")
        if case.method == "POST"
        else None,
        headers=_headers(client) | case.headers,
        timeout=30,
    )


def _filled(text: str, names: Mapping[str, str]) -> str:
    """With the scene's ids; `format` would stumble over JSON's braces."""
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    return text


def _headers(client: Client | None) -> dict[str, str]:
    given = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
    return given | ({"Authorization": f"Bearer {client.api_key}"} if client else {})


def _amiss(case: Wrong, answer: requests.Response) -> list[str]:
    """What is not as it must be, in words."""
    said = f"{case.name}: {answer.status_code} {answer.text[:200]}"
    if answer.headers.get("Content-Type") != "application/problem+json":
        return [f"not a problem document: {said}"]
    problem: dict[str, Any] = answer.json()
    if (answer.status_code, problem["code"]) != (case.status, case.code):
        return [f"not {case.status} {case.code}: {said}"]
    lacking = WANTED - problem.keys()
    return [f"lacks {lacking}: {said}"] if lacking or not problem["detail"] else []


def _demand(client: Client, *, published: bool) -> str:
    wish = {
        "title": "不该被改动的需求",
        "quote_deadline_at": "2099-01-01T00:00:00+08:00",
        "terms": {"nodes": [{"kind": "acceptance", "share_bp": 10_000, "term_days": 30}]},
    }
    draft = client.post("/demands", wish)
    if published:
        client.post(f"/demands/{draft['id']}/publish")
    return str(draft["id"])
