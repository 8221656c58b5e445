"""`sails matching evaluate`: figures on the last line, all else beside them, refusals in words."""

import json

import pytest
from typer.testing import CliRunner

from deploy.sails.cli import app
from services.matching.evaluation import report
from tests.unit.matching.evaluation.folders import SPLIT, SUPPLIERS, a_tender, written

KEYS = [
    "ndcg10", "recall50", "mrr", "largest_share", "coverage", "gini", "constraint_violations",
    "p50_ms", "p99_ms",
]  # fmt: skip


def command(folder, *options, language="en"):
    asked = ["matching", "evaluate", str(folder), "--split", SPLIT.isoformat(), *options]
    return CliRunner().invoke(app, asked, env={"SAILS_LANG": language})


@pytest.mark.parametrize("options", [(), ("--json",), ("--baseline",), ("--json", "--baseline")])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_last_line_is_exactly_the_figures(tmp_path, options, language):
    told = command(written(tmp_path), *options, language=language)
    assert told.exit_code == 0, told.output
    *before, last = told.stdout.splitlines()
    assert list(json.loads(last)) == KEYS == list(report.FIGURES)
    if options == ("--json",):
        assert before == []
    if options == ("--json", "--baseline"):
        (compared,) = before
        assert set(json.loads(compared)["baseline"]) == {"weights", *report.MEANS}


def test_a_bar_is_drawn_beside_the_answer(tmp_path):
    told = command(written(tmp_path), "--baseline")
    assert "judging" in told.stderr and "judging" not in told.stdout
    assert command(written(tmp_path), "--json").stderr == ""


def test_what_was_left_out_is_said(tmp_path):
    unseen = "\u200b"
    odd_suppliers = [{"id": "a"}, {"name": "某"}, SUPPLIERS[0], {"id": "b", "name": unseen}]
    odd_tenders = [
        a_tender("n", "nobody", "补路", "2026-03-03", rel=[{"supplier": "nobody", "grade": 1}, 7]),
        a_tender("u", "pave", unseen, "2026-03-03"),
        a_tender("n", "pave", "补路", "2026-03-03"),
        a_tender("", "pave", "补路", "2026-03-03"),
        a_tender("d", "pave", "补路", "?"),
        a_tender("e", "pave", "", "2026-03-03"),
        *(a_tender(f"t{n}", "pave", "乡道补路", f"2026-0{n}-01") for n in (2, 3)),
    ]
    told = command(written(tmp_path, [*SUPPLIERS, *odd_suppliers], odd_tenders))
    assert told.exit_code == 0, told.output
    assert told.stderr.count(" 1;") == 11 and "bids that cannot be read 1" in told.stderr


def test_bad_files_are_refused_with_file_and_line(tmp_path):
    folder = written(tmp_path, tenders=["{}", "{oops"])
    told = command(folder)
    assert (told.exit_code, told.stdout) == (1, "")
    assert f"{folder / 'tenders.jsonl'}:2" in told.stderr
    as_json = command(folder, "--json")
    assert (as_json.exit_code, json.loads(as_json.stdout)["error"]) == (1, "CannotEvaluate")
    assert json.loads(command(tmp_path / "none", "--json").stdout)["error"] == "CannotEvaluate"


@pytest.mark.parametrize(
    ("split", "problem"), [("2027-01-01", "NothingSince"), ("2025-01-01", "NothingBefore")]
)
def test_a_split_that_leaves_nothing_is_refused(tmp_path, split, problem):
    asked = [
        "matching",
        "evaluate",
        str(written(tmp_path)),
        "--split",
        split,
        "--json",
        "--baseline",
    ]
    told = CliRunner().invoke(app, asked)
    assert (told.exit_code, json.loads(told.stdout)["error"]) == (1, problem)
