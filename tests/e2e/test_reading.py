"""A buyer pastes a text, corrects what was read, and posts it: through the public API alone."""

import concurrent.futures
import time
from datetime import timedelta

import pytest

from deploy.sails.demo.shared_clock import SharedClock
from tests.e2e.scene import Scene

TERMS = {"nodes": [{"kind": "acceptance", "share_bp": 10_000, "term_days": 30}]}
LONG = "2026-08-11 09:30至具备甲级资质或预算1万元，截止8月11日9时至" * 1_000
SHORT_S = 2.0  # for a short text behind long ones, on a loaded machine; alone it takes 20 ms


@pytest.mark.timeout(300)
def test_a_text_is_read_corrected_and_published(scene: Scene) -> None:
    client = scene.company.buyers[0]["buyer.purchaser"].client
    closes_on = SharedClock(scene.stage.operator).today() + timedelta(days=10)
    day = f"{closes_on.year}年{closes_on.month}月{closes_on.day}日"
    text = (
        f"采购预算为120万元。投标截止时间：{day}9时30分。建设地点：杭州市西湖区。"
        "投标人须具备市政公用工程施工总承包叁级资质或环保工程专业承包贰级资质。"
    )
    answer = client.post("/demands/read", {"title": "厂区污水管网改造施工", "text": text})
    (budget,) = answer["read"]["budget"]
    assert text[budget["start"] : budget["end"]] == budget["words"]
    draft = answer["draft"]
    assert draft["budget"] == {"amount": "1200000.00", "currency": "CNY"}
    assert draft["quote_deadline_at"] == f"{closes_on.isoformat()}T09:30:00+08:00"
    corrected = draft | {"budget": {"amount": "1180000.00", "currency": "CNY"}}
    posted = client.post("/demands", corrected | {"terms": TERMS, "publish": True})
    assert (posted["state"], posted["region"]) == ("published", "浙江省杭州市西湖区")
    assert posted["budget"]["amount"] == "1180000.00"
    (required,) = posted["requirements"]
    assert [one["grade"] for one in (required, *required["alternatives"])] == ["叁级", "贰级"]


@pytest.mark.timeout(300)
def test_long_texts_hold_up_nobody(scene: Scene) -> None:
    long, short = (buyer["buyer.purchaser"].client for buyer in scene.company.buyers[:2])
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        reading = [pool.submit(long.post, "/demands/read", {"text": LONG}) for _ in range(4)]
        began_s = time.monotonic()
        answer = short.post("/demands/read", {"text": "预算5万元"})
        assert time.monotonic() - began_s < SHORT_S
        assert answer["draft"]["budget"]["amount"] == "50000.00"
        assert not any(one.result()["is_whole"] for one in reading)


@pytest.mark.timeout(300)
def test_facets_are_shown_as_they_were_given(scene: Scene) -> None:
    client = scene.company.buyers[0]["buyer.purchaser"].client
    rent = {"max": {"amount": "50.00", "currency": "CNY"}}
    facets = {"type": ["factory"], "area_m2": {"min": 800}, "rent_per_m2_month": rent}
    draft = client.post("/demands", {"kind": "space", "title": "求租厂房", "facets": facets})
    assert client.get(f"/demands/{draft['id']}")["facets"] == facets
