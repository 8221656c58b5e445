"""Files as they come: read, counted where a line is of no use, refused where a file is none."""

import json
from datetime import date

import pytest

from services.matching.evaluation import market
from services.matching.evaluation.lines import LINE_BYTES, Line, Unreadable, clean
from tests.unit.matching.evaluation.folders import SUPPLIERS, a_tender, written

DAY = "2026-01-05"


def read(folder, **files):
    return market.read(written(folder, **files))


def test_a_tender_is_read_with_its_best_grades_in_order_of_days(tmp_path):
    twice = [{"supplier": "pipe", "grade": 1}, {"supplier": "pipe", "grade": 3}]
    later, earlier = (
        a_tender("b", "pave", "补路", "2026-02-01"),
        a_tender("a", "", "换管", DAY, rel=twice),
    )
    found = read(tmp_path, tenders=[later, earlier])
    assert [one.id for one in found.tenders] == ["a", "b"]
    first = found.tenders[0]
    assert (first.day, first.price_fen, first.grades) == (date(2026, 1, 5), 36_500_000, {1: 3})
    assert found.before(date(2026, 2, 1)) == [first]
    assert [one.id for one in found.since(date(2026, 2, 1))] == ["b"]


def test_what_is_missing_or_odd_is_unknown(tmp_path):
    odd = a_tender("t", "pave", None, DAY, price=["many"], place=7, scope="铺路。", days={})
    bare = {"id": 12, "date": "2026-01-06T08:00:00", "title": "补路"}
    first, second = read(tmp_path, tenders=[odd, bare]).tenders
    assert (first.title, first.price_fen, first.place) == ("铺路。", None, "7")
    assert second == ("12", date(2026, 1, 6), "补路", "", "", None, {})


@pytest.mark.parametrize("price", ["", "面议", "-5", "0", "0.00", "1.234", "1e9", True, "9" * 30])
def test_what_is_no_amount_is_unknown(price):
    assert Line("", {"price": price}).fen("price") is None


@pytest.mark.parametrize("price", ["1,234.50", 1234.5, "1234.5"])
def test_amounts_are_read(price):
    assert Line("", {"price": price}).fen("price") == 123_450


def test_lines_of_no_use_are_counted_by_why(tmp_path):
    suppliers = [*SUPPLIERS, SUPPLIERS[0], {"id": "x"}, {"name": "无号"}, {"id": [], "name": "某"}]
    bids = [
        {"supplier": "pave", "grade": 3},
        {"supplier": "pipe", "grade": 0},
        {"supplier": "nobody", "grade": 3},
        {"supplier": "pipe", "grade": 9},
        {"supplier": "pipe", "grade": True},
        "pipe",
    ]
    tenders = [
        a_tender("a", "", "补路", DAY, rel=bids),
        a_tender("a", "pave", "补路", DAY),
        a_tender("", "pave", "补路", DAY),
        a_tender("b", "pave", " ", DAY),
        *(a_tender(f"c{odd}", "pave", "补路", odd) for odd in ("2026-13-01", "20260105", None)),
        a_tender("d", "pave", "补路", DAY, rel="pave"),
    ]
    found = read(tmp_path, suppliers=suppliers, tenders=tenders)
    assert [one.grades for one in found.tenders] == [{0: 3}, {}]
    assert found.skipped == {
        "supplier_twice": 1,
        "supplier_without_name": 1,
        "supplier_without_id": 2,
        "tender_twice": 1,
        "tender_without_id": 1,
        "tender_without_name": 1,
        "tender_without_date": 3,
        "bid_of_unknown_supplier": 1,
        "bid_unreadable": 3,
    }


@pytest.mark.parametrize("name", ["suppliers.jsonl", "tenders.jsonl"])
@pytest.mark.parametrize(
    ("content", "where"),
    [
        (None, ": No such file"),
        (b"", ": 0"),
        (b"{}\n[]\n", ":2: no JSON object"),
        (b"\n{oops", ":2: Expecting property name"),
        (b'{}\n{}\n{"id": "\xff"}', ":3: 'utf-8' codec"),
        (b"[" * 5_000, ":1: "),
        (b'"' + b"x" * LINE_BYTES, ":1: > "),
    ],
    ids=["missing", "empty", "no object", "malformed", "no text", "deep", "endless"],
)
def test_a_file_that_is_none_is_refused_with_its_line(tmp_path, name, content, where):
    path = written(tmp_path) / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        market.read(tmp_path)
    assert f"{path}{where}" in str(refused.value)


def test_a_byte_order_mark_and_blank_lines_are_no_content(tmp_path):
    folder = written(tmp_path, tenders=[a_tender("a", "pave", "补路", DAY)])
    path = folder / "suppliers.jsonl"
    path.write_text("\ufeff" + path.read_text("utf-8").replace("\n", "\n\n"), "utf-8")
    assert len(market.read(folder).suppliers) == len(SUPPLIERS)


def test_texts_have_no_character_that_nobody_takes():
    assert clean(" 铺\x00路\ud800\n二段 ", 20) == "铺路\n二段"
    assert clean("铺路 二段", 3) == "铺路"
    line = json.loads('{"title": "\\ud800\\u0000"}')
    assert Line("", line).text("title", 9) == ""
