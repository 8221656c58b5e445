"""Real notices, where a folder of them is given: what their columns say is what is read."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from deploy.sails.samples import reading as columns
from services.matching.reading import Reading, read

FOLDER = os.environ.get("SAILS_DATA")
ORDERS = "enterprise_orders/orders.jsonl"
# What was measured when this was written, rounded down: a change that reads worse fails here.
PRECISION, RECALL = 0.98, 0.98


@pytest.fixture(scope="module")
def notices():
    """Each notice with what is read of it, its columns told in sentences behind its text."""
    if not FOLDER:
        pytest.skip("SAILS_DATA names no folder of real data")
    lines = Path(FOLDER, ORDERS).read_text("utf-8").splitlines()
    return [(line, told(line)) for line in map(json.loads, lines)]


def told(line: dict[str, str]) -> Reading:
    sentences = [
        line["content"],
        line["qualification"],
        line["performance"],
        line["budget"] and f"预算:{line['budget']}。",
        line["deadline"] and f"截止时间:{line['deadline']}。",
    ]
    text = "\n".join(filter(None, sentences))
    return read(line["title"], text, date.fromisoformat(line["date"]))


def test_budgets_are_found(notices):
    """Some notices state the price with and without tax: either is their budget."""
    right = wrong = missed = 0
    for line, reading in notices:
        wanted = columns.budget_fen(line["budget"])
        candidates = [one.value for one in reading.budget_fen]
        right += wanted is not None and wanted in candidates
        wrong += bool(candidates) and wanted not in candidates
        missed += wanted is not None and wanted not in candidates
    assert right / (right + wrong) >= PRECISION and right / (right + missed) >= RECALL


def test_deadlines_are_found(notices):
    pairs = [
        (columns.deadline(line["deadline"], date.fromisoformat(line["date"])), reading)
        for line, reading in notices
    ]
    read_of = [(wanted, one.best("quote_deadline_at")) for wanted, one in pairs]
    right = sum(found is not None and found.value == wanted for wanted, found in read_of)
    assert right / sum(found is not None for _, found in read_of) >= PRECISION
    assert right / sum(wanted is not None for wanted, _ in read_of) >= RECALL


def test_places_lie_in_the_region_of_the_notice(notices):
    found = [(line["region"], reading.best("region")) for line, reading in notices]
    right = sum(one is not None and one.value.startswith(region) for region, one in found)
    assert right / sum(one is not None for _, one in found) >= PRECISION
