"""New weights from a town's tenders, day by day, and how they do on later ones."""

import json
from datetime import date

import pytest
import yaml
from typer.testing import CliRunner

from deploy.sails.cli import app
from services.matching import scoring
from services.matching.evaluation import NothingToFit, market, refit, walk
from services.matching.evaluation.refit import DECIDED, next_version
from tests.unit.matching.evaluation.folders import SPLIT, written

FIRST = date(2026, 1, 1)


def fit(folder, until=SPLIT):
    return refit(folder, until, lambda text: [], lambda *_: None)


def test_weights_are_fitted_before_the_day_and_compared_after_it(tmp_path):
    found = fit(written(tmp_path))
    weights = found.weights
    assert sum(weights.weights_ppm.values()) == scoring.FULL_PPM
    present = scoring.current_weights()
    assert {name: weights.weights_ppm[name] for name in DECIDED} == {
        name: present.weights_ppm[name] for name in DECIDED
    }
    assert found.fitted > 0 and found.judged == 16  # two months of four kinds, twice each
    assert set(found.compared) == {"ndcg10", "recall50", "mrr"}


def test_the_entry_is_what_the_file_of_weights_takes(tmp_path):
    found = fit(written(tmp_path))
    (entry,) = yaml.safe_load(found.entry)
    assert entry["version"] == found.weights.version != scoring.current_weights().version
    assert entry["weights_ppm"] == dict(found.weights.weights_ppm)
    assert entry["shape"] == dict(scoring.current_weights().shape)


def test_nothing_is_known_of_a_demand_but_what_was_before_its_day(tmp_path):
    town = market.read(written(tmp_path))
    seen = list(walk.walk(town, town.tenders, 0, lambda text: [], lambda *_: None))
    newcomer = scoring.FEATURES.index("newcomer")
    first, last = seen[0].tender.day, seen[-1]
    assert all(one.values_ppm[:, newcomer].all() for one in seen if one.tender.day == first)
    winner = next(place for place, grade in last.tender.grades.items() if grade == 3)
    at = last.places.tolist().index(winner)
    assert last.gains[at] == 7
    assert not last.values_ppm[at, newcomer]  # it has won such work before


def test_before_the_first_tender_there_is_nothing_to_fit(tmp_path):
    with pytest.raises(NothingToFit):
        fit(written(tmp_path), FIRST)


def test_versions_are_counted_within_a_year():
    assert next_version("2026-2", date(2026, 5, 1)) == "2026-3"
    assert next_version("2026-12", date(2025, 5, 1)) == "2026-13"
    assert next_version("2026-2", date(2027, 1, 1)) == "2027-1"


def command(folder, *options):
    asked = ["matching", "fit", str(folder), "--until", SPLIT.isoformat(), *options]
    return CliRunner().invoke(app, asked, env={"SAILS_LANG": "en"})


def test_the_command_prints_the_entry_and_nothing_else(tmp_path):
    told = command(written(tmp_path))
    assert told.exit_code == 0, told.output
    (entry,) = yaml.safe_load(told.stdout)
    assert sum(entry["weights_ppm"].values()) == scoring.FULL_PPM
    assert "Fitted on" in told.stderr


def test_written_weights_are_the_newest_of_the_file(tmp_path, monkeypatch):
    copy = tmp_path / "weights.yaml"
    copy.write_text(scoring.WEIGHTS.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(scoring, "WEIGHTS", copy)
    told = command(written(tmp_path), "--write", "--json")
    assert told.exit_code == 0, told.output
    said = json.loads(told.stdout)
    assert said["written"] and said["version"] == scoring.all_weights(copy)[-1].version
    before = [weights.version for weights in scoring.all_weights()]
    assert [weights.version for weights in scoring.all_weights(copy)[:-1]] == before


def test_a_folder_that_cannot_be_read_is_refused_in_words(tmp_path):
    told = command(tmp_path)
    assert told.exit_code == 1 and "suppliers.jsonl" in told.output
