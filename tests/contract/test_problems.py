"""Every refusal speaks both languages and keeps to the agreed statuses."""

import pytest

from services.contracts.problems import CODES, Problem, collected

STATUSES = {
    400,
    401,
    403,
    404,
    405,
    406,
    409,
    410,
    412,
    413,
    414,
    415,
    422,
    428,
    429,
    431,
    500,
    503,
    504,
}


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_refusal_is_complete(code: str) -> None:
    refusal = CODES[code]
    assert refusal.status in STATUSES
    assert any("\u4e00" <= char <= "\u9fff" for char in refusal.zh)
    assert refusal.en.isascii() or "“" in refusal.en or "”" in refusal.en or "’" in refusal.en


def test_a_refusal_survives_the_way_between_services() -> None:
    problem = Problem("illegal_move", "/id", state="draft", verb="award")
    back = Problem.from_json(problem.to_json())
    assert (back.code, back.pointer, back.params) == ("illegal_move", "/id", problem.params)
    assert back.text("zh-CN") == "当前状态「draft」不允许操作「award」"
    assert back.text("en") == "The state “draft” does not allow “award”"


def test_a_refusal_of_a_newer_service_keeps_its_status() -> None:
    told = Problem("illegal_move", "/id").to_json() | {"code": "invented_later"}
    back = Problem.from_json(told)
    assert (back.code, back.status, back.pointer) == ("invented_later", 409, "/id")
    assert back.text("en") == "The service refused the request (invented_later)"
    assert Problem.from_json(back.to_json()).status == 409


def test_a_code_has_one_text() -> None:
    table = {"twice": (409, "重复", "Twice")}
    assert collected(table)["twice"].status == 409
    with pytest.raises(ValueError, match="twice"):
        collected(table, {"twice": (422, "另一个", "Another")})


def test_a_missing_parameter_never_breaks_the_text() -> None:
    assert Problem("illegal_move").text("en") == "The state “state” does not allow “verb”"
