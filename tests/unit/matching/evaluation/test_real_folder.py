"""The real tenders, where a folder of them is given: a part of them, so that it is quick."""

import os
from datetime import date
from pathlib import Path

import pytest

from deploy.sails.samples.reading import qualifications
from services.matching.evaluation import evaluate

FOLDER = os.environ.get("SAILS_DATA")
MONTHS = ("2025-07", "2025-08", "2025-09", "2025-10")
SPLIT = date(2025, 10, 15)
LEAST = {"ndcg10": 0.08, "recall50": 0.25}  # half of what chance would never reach


@pytest.fixture(scope="module")
def some(tmp_path_factory):
    """Four months of tenders, beside all suppliers."""
    if not FOLDER:
        pytest.skip("SAILS_DATA names no folder of real data")
    source, folder = Path(FOLDER) / "tenders_awards", tmp_path_factory.mktemp("some")
    (folder / "suppliers.jsonl").symlink_to(source / "suppliers.jsonl")
    tenders = (source / "tenders.jsonl").read_text("utf-8").splitlines(keepends=True)
    within = (line for line in tenders if any(f'"date": "{month}' in line for month in MONTHS))
    (folder / "tenders.jsonl").write_text("".join(within), "utf-8")
    return folder


def test_real_tenders_are_measured_beside_the_baseline(some):
    found = evaluate(some, SPLIT, qualifications, lambda *_: None, with_baseline=True)
    assert found.judged > 50 and not +found.skipped
    for name, least in LEAST.items():
        assert found.figures[name]["value"] > least
    assert found.figures["constraint_violations"] == 0
    assert found.compared.comparisons["ndcg10"].theirs.value > LEAST["ndcg10"]
