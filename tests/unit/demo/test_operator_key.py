"""The key that the command line keeps is made anew once it has ended, and only then."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.sails import operator_key
from services.client import Client, NoAnswer, Refused

LAYOUT: Any = SimpleNamespace(
    environment={}, demo_clock=False, clock_offset_s=0, http_url="http://127.0.0.1:1"
)


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (None, "old"),
        (Refused(401, {"code": "key_invalid"}), "new"),
        (Refused(403, {"code": "no_scope"}), "old"),
        (NoAnswer("away"), "old"),
    ],
)
def test_a_key_that_has_ended_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Exception | None, kept: str
) -> None:
    def asked(self: Client, path: str) -> dict[str, Any]:
        if answer is not None:
            raise answer
        return {}

    monkeypatch.setattr(Client, "get", asked)
    monkeypatch.setattr(operator_key, "first_key", lambda environment: "new")
    state: Any = SimpleNamespace(data=tmp_path)
    (tmp_path / operator_key.FILE).write_text("old")
    assert operator_key.operator_of(state, LAYOUT).api_key == kept
    (tmp_path / operator_key.FILE).unlink()
    assert operator_key.operator_of(state, LAYOUT).api_key == "new"
