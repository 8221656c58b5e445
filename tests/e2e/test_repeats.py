"""The same request twice, fifty times, or after no answer: one effect, one answer."""

import signal
import uuid
from concurrent.futures import ThreadPoolExecutor

import requests

from services.client import Client, Refused
from tests.e2e.scene import Scene

AT_ONCE = 50
WISH = {"kind": "order", "title": "同一请求只生效一次", "text": "幂等"}


def test_fifty_identical_posts_with_one_key_have_one_effect_and_one_answer(scene: Scene) -> None:
    client = scene.company.buyers[0]["buyer.purchaser"].client
    key, title = str(uuid.uuid4()), f"幂等 {uuid.uuid4()}"
    with ThreadPoolExecutor(AT_ONCE) as threads:
        bodies = [WISH | {"title": title}] * AT_ONCE
        answers = list(threads.map(lambda body: client.post("/demands", body, key=key), bodies))

    assert all(answer == answers[0] for answer in answers)
    assert _drafts(client, title) == [answers[0]["id"]]


def test_a_timed_out_request_repeated_with_its_key_has_one_effect(scene: Scene) -> None:
    caller = scene.company.buyers[0]["buyer.purchaser"].client
    key, title = str(uuid.uuid4()), f"超时 {uuid.uuid4()}"
    body = WISH | {"title": title}
    orders = scene.platform.processes["orders"].popen
    assert orders is not None
    orders.send_signal(signal.SIGSTOP)
    try:
        late = _post(caller, body, key)
    finally:
        orders.send_signal(signal.SIGCONT)
    assert (late.status_code, late.json()["code"]) == (504, "service_timeout")

    first, second = caller.post("/demands", body, key=key), caller.post("/demands", body, key=key)
    assert first == second
    assert _drafts(caller, title) == [first["id"]]


def test_a_key_is_not_reused_for_another_body(scene: Scene) -> None:
    client = scene.company.buyers[0]["buyer.purchaser"].client
    key = str(uuid.uuid4())
    client.post("/demands", WISH, key=key)
    try:
        client.post("/demands", WISH | {"title": "另一个"}, key=key)
        raise AssertionError("the second body was taken")
    except Refused as refused:
        assert (refused.status, refused.code) == (422, "idempotency_key_reused")


def _post(client: Client, body: dict, key: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {client.api_key}", "Idempotency-Key": key}
    return requests.post(f"{client.url}/api/v1/demands", json=body, headers=headers, timeout=30)


def _drafts(client: Client, title: str) -> list[str]:
    return [demand["id"] for demand in client.items("/demands") if demand["title"] == title]
