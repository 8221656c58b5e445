"""`sails import`: whose file goes where, and what is said of its rows."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.sails import importing
from deploy.sails.output import FAILED

ROW = {
    "line": 2,
    "column": "[/red]",
    "message_zh": "没有这个字段。",
    "message_en": "Unknown field.",
}
DONE = {"number": "QF-I-2026-000001", "state": "finished", "rows_total": 1, "rows_done": 1,
        "imported": 0, "skipped": 0, "failed": 1}  # fmt: skip


def test_a_file_for_another_platform_is_not_sent_to_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "supplies.csv"
    file.write_text("货号,供给名称\nA-1,叶轮\n")
    monkeypatch.setattr(importing.runner, "running_layout", lambda folder: pytest.fail("asked"))
    monkeypatch.delenv("SAILS_API_KEY", raising=False)
    app = typer.Typer()
    app.command()(importing.import_file)
    given = [str(file), "--url", "http://127.0.0.1:1"]
    told = CliRunner().invoke(app, given, env={"SAILS_LANG": "en"})
    assert (told.exit_code, "--key" in told.output) == (FAILED, True)


@pytest.mark.parametrize(
    ("done", "code"), [(DONE, FAILED), (DONE | {"failed": 0, "rows_done": 0}, FAILED),
                       (DONE | {"failed": 0, "imported": 1}, 0)]
)  # fmt: skip
def test_rows_are_told_as_they_are_and_what_was_not_done_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: dict, code: int
) -> None:
    further = [{"pointer": "/title", "message_zh": "缺", "message_en": "Missing."}]
    rows = [ROW | {"errors": []}, ROW | {"line": 3, "errors": further}]
    monkeypatch.setattr(importing, "_caller", lambda *_: (None, "/imports"))
    monkeypatch.setattr(importing, "_send", lambda *_: done | {"id": "x"})
    monkeypatch.setattr(importing, "_failed", lambda *_: rows)
    app = typer.Typer()
    app.command()(importing.import_file)
    told = CliRunner().invoke(app, [str(tmp_path)], env={"SAILS_LANG": "en"})
    assert told.exit_code == code
    if done["failed"]:
        assert "[/red]" in told.output and "Missing." in told.output
