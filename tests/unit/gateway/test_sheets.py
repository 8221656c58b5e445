"""Files as they come: spreadsheets of all kinds are read, hostile ones are refused in time."""

import io
import json
import time
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from services.contracts.importing import MAX_ROWS
from services.contracts.problems import CODES, Problem
from services.gateway.sheets import apart, bounds, reading
from services.gateway.sheets.refusal import Unreadable
from services.gateway.sheets.template import template
from tests.unit.gateway.workbooks import HEAD, SHEET, inline, saved, sheet_of, with_members, xlsx

ROW = ("A-1", "叶轮加工", 1200.5, 20)
GIVEN = {
    "item_code": "A-1",
    "title": "叶轮加工",
    "price_min": {"amount": "1200.5", "currency": "CNY"},
    "capacity_declared": 20,
}
CSV = "货号,供给名称,最低价,产能\nA-1,叶轮加工,1200.5,20\n"


def rows(format, body, target="own"):
    return [json.loads(line) for line in reading.lines(format, target, body)]


def refused(format, body):
    with pytest.raises(Unreadable) as unreadable:
        rows(format, body)
    assert unreadable.value.code in CODES
    return unreadable.value.code


def test_a_workbook_is_read_with_the_numbers_of_its_rows():
    body = xlsx(ROW, (), (1002, "泵轴"))
    assert rows("xlsx", body) == [
        {"line": 2, "given": GIVEN},
        {"line": 4, "given": {"item_code": "1002", "title": "泵轴"}},
    ]


@pytest.mark.parametrize(
    "body",
    [CSV.encode(), CSV.encode("utf-8-sig"), CSV.encode("gbk"), CSV.encode("utf-16"),
     CSV.replace(",", "\t").encode(), CSV.replace("\n", "\r\n").encode("gb18030")],
)  # fmt: skip
def test_a_csv_is_read_in_every_encoding_that_spreadsheets_write(body):
    assert rows("csv", body) == [{"line": 2, "given": GIVEN}]


def test_lines_of_json_are_taken_as_they_are():
    body = "\n".join([json.dumps(GIVEN), "", "{", "[1]", '{"a":1,"a":2}', '{"t":"\\u0000"}',
                      '{"n":1e999}', "[" * 5000]).encode()  # fmt: skip
    assert rows("jsonl", body) == [
        {"line": 1, "given": GIVEN},
        {"line": 3, "fault": "row_malformed"},
        {"line": 4, "fault": "row_not_object"},
        {"line": 5, "fault": "row_malformed"},
        {"line": 6, "fault": "row_unstorable"},
        {"line": 7, "fault": "row_unstorable"},
        {"line": 8, "fault": "row_malformed"},
    ]


def test_dates_numbers_and_formulas_are_what_a_person_sees():
    book = Workbook()
    book.active.append(["货号", "供给名称", "说明", "外部分类代码"])
    book.active.append(["A-1", date(2026, 3, 2), datetime(2026, 3, 2, 8, 30), 0.1 + 0.2])
    book.active.append(["A-2", "=1+1", True, 3.0])
    first, second = rows("xlsx", saved(book))
    assert list(first["given"].values()) == ["A-1", "2026-03-02", "2026-03-02T08:30:00", "0.3"]
    # Nothing is calculated: no spreadsheet has kept a value with this formula.
    assert second["given"] == {"item_code": "A-2", "text": "true", "external_code": "3"}


def test_of_merged_cells_the_first_one_speaks():
    book = Workbook()
    for row in (["货号", "供给名称"], ["A-1", "叶轮"], ["A-2", None]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    assert [row["given"].get("title") for row in rows("xlsx", saved(book))] == ["叶轮", None]


def test_hidden_sheets_are_not_looked_at():
    book = Workbook()
    book.active.title, book.active.sheet_state = "draft", "hidden"
    book.active.append(["nonsense"])
    page = book.create_sheet("供给")
    page.append(["货号", "供给名称"])
    page.append(["A-1", "叶轮"])
    assert [row["line"] for row in rows("xlsx", saved(book))] == [2]


def test_a_day_that_is_none_spoils_its_cell_alone():
    style = (
        b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    page = sheet_of(f'{HEAD}<row r="2"><c r="A2"><v>7</v></c><c r="B2" s="1"><v>9e99</v></c></row>')
    body = with_members(xlsx(ROW), {SHEET: page, "xl/styles.xml": style})
    assert rows("xlsx", body) == [{"line": 2, "given": {"item_code": "7", "title": "#VALUE!"}}]


@pytest.mark.parametrize("target", ["own", "public"])
def test_the_template_as_it_is_has_no_rows(target):
    with pytest.raises(Unreadable) as unreadable:
        rows("xlsx", template(target), target)
    assert unreadable.value.code == "file_empty"


@pytest.mark.parametrize(
    ("format", "body", "code"),
    [
        ("xlsx", b"\xd0\xcf\x11\xe0 an old or a protected workbook", "file_unreadable"),
        ("xlsx", b"PK\x03\x04 cut short", "file_unreadable"),
        ("xlsx", b" \n", "file_empty"),
        ("csv", b"", "file_empty"),
        ("csv", "货号,供给名称\n".encode(), "file_empty"),
        ("csv", b"\x81", "file_encoding"),
        ("csv", '货号,供给名称\nA-1,"未完'.encode(), "file_unreadable"),
        ("csv", "货号,供给名称\nA-1,".encode() + b"x" * 40_000, "file_unreadable"),
        ("csv", "货号,供给名称,备注\nA-1,叶轮,急".encode(), "heading_unknown"),
        ("csv", "货号,供给名称,Title\nA-1,叶轮,x".encode(), "heading_twice"),
        ("csv", "供给名称\n叶轮".encode(), "heading_missing"),
    ],
)
def test_what_cannot_be_read_says_why(format, body, code):
    assert refused(format, body) == code


def test_a_file_with_too_many_rows_is_not_read_in_part():
    lines = "".join(f"A-{number},叶轮\n" for number in range(MAX_ROWS + 1))
    assert refused("csv", f"货号,供给名称\n{lines}".encode()) == "file_too_many_rows"


def test_texts_that_would_fill_a_message_are_refused():
    line = json.dumps({"item_code": "A", "text": "长" * 30_000}, ensure_ascii=False)
    body = "\n".join([line] * (bounds.MAX_MESSAGE_BYTES // 180_000 + 1)).encode()
    assert refused("jsonl", body) == "file_too_much"


def test_a_row_that_says_too_much_is_left_out_by_itself():
    """Its owner would go through every value, and a database writes 1e300 out in full."""
    far = {"item_code": "A", "categories": [1] * (bounds.ROW_VALUES + 1)}
    long = {"item_code": "B", "text": "长" * (bounds.CELL_CHARACTERS + 1)}
    wide = {"item_code": "C", "capacity_declared": 1e300}
    fine = {"item_code": "D", "lead_time_days": 1.5, "categories": ["x"] * 200}
    body = "\n".join(map(json.dumps, (far, long, wide, fine))).encode()
    assert rows("jsonl", body) == [
        {"line": 1, "fault": "row_too_much"},
        {"line": 2, "fault": "row_too_much"},
        {"line": 3, "fault": "row_unstorable"},
        {"line": 4, "given": fine},
    ]
    cell = ";".join("x" * bounds.ROW_VALUES) + ";x"
    body = f"货号,供给名称,类别\nA-1,叶轮,{cell}\nA-2,叶轮,x;x".encode()
    assert [row.get("fault") for row in rows("csv", body)] == ["row_too_much", None]


def test_the_fullest_supply_is_not_too_much():
    money = {"amount": "1.00", "currency": "CNY"}
    deal = {"title": "x", "buyer": "x", "place": "x", "date": "2026-01-01", "amount": money}
    held = {"name": "x", "grade": "x", "expires_on": "2026-01-01"}
    full = {
        "track_record": [deal | {"outcome": "won"}] * 200, "qualifications": [held] * 60,
        "categories": ["x"] * 20, "capability_codes": ["x"] * 10, "regions": ["x"] * 50,
    }  # fmt: skip
    (row,) = rows("jsonl", json.dumps(full).encode(), "public")
    assert row == {"line": 1, "given": full}


def bomb(size):
    return with_members(xlsx(ROW), {"xl/sharedStrings.xml": b"<sst>" + b"<si/>" * (size // 5)})


def many_members():
    return with_members(xlsx(ROW), {f"xl/media/{n}.png": b"" for n in range(bounds.MEMBERS + 1)})


def overstated_gap():
    far = f'<row r="999999999999">{inline("A999999999999", "A-1")}</row>'
    return with_members(xlsx(ROW), {SHEET: sheet_of(HEAD + far)})


def laughs():
    """Entities within entities, ten thousand million of them."""
    entities = ['<!ENTITY a0 "ha">'] + [
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11)
    ]
    page = sheet_of(f'{HEAD}<row r="2">{inline("A2", "&a10;")}</row>').decode()
    return with_members(xlsx(ROW), {SHEET: f"<!DOCTYPE x [{''.join(entities)}]>{page}".encode()})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (bomb(60_000_000), "file_too_much"),
        (many_members(), "file_too_much"),
        (overstated_gap(), "file_too_many_rows"),
        (laughs(), "file_unreadable"),
        (with_members(xlsx(ROW), {SHEET: b"<worksheet><row"}), "file_unreadable"),
        (with_members(xlsx(ROW), {"xl/workbook.xml": b"<workbook/>"}), "file_empty"),
        (with_members(xlsx(ROW), {"[Content_Types].xml": b"<Types/>"}), "file_unreadable"),
    ],
    ids=["bomb", "members", "gap", "laughs", "cut", "no sheets", "no types"],
)
def test_a_hostile_workbook_is_refused_in_time(body, code):
    assert len(body) <= bounds.FILE_BYTES
    began_s = time.monotonic()
    with pytest.raises(Problem) as problem:
        apart.read("xlsx", "own", body)
    assert problem.value.code == code
    assert time.monotonic() - began_s < bounds.WALL_S


def test_a_million_empty_rows_and_sixteen_thousand_columns_are_read_past():
    empty = "".join(f'<row r="{n}"/>' for n in range(2, 500_000))
    far = inline("A1048576", "A-9") + inline("B1048576", "泵轴") + inline("XFD1048576", "far away")
    page = sheet_of(f'{HEAD}{empty}<row r="1048576">{far}</row>')
    found = apart.read("xlsx", "own", with_members(xlsx(ROW), {SHEET: page}))
    assert json.loads(found) == {
        "line": 1_048_576, "given": {"item_code": "A-9", "title": "泵轴"},
    }  # fmt: skip


def test_whoever_reads_has_no_secrets_and_is_ended_when_it_takes_too_long(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert "DATABASE_URL" not in apart._environment()
    monkeypatch.setattr(bounds, "WALL_S", 0.001)
    with pytest.raises(Problem) as problem:
        apart.read("xlsx", "own", xlsx(ROW))
    assert problem.value.code == "unavailable"


def test_a_reader_that_dies_of_its_file_takes_nobody_with_it(monkeypatch):
    monkeypatch.setattr(apart, "_CHILD", "tests.unit.gateway.greedy")
    with pytest.raises(Problem) as problem:
        apart.read("xlsx", "own", xlsx(ROW))
    assert problem.value.code == "file_too_much"


def test_what_a_reader_wrote_before_it_died_is_not_taken_for_the_whole(monkeypatch):
    monkeypatch.setattr(apart, "_CHILD", "tests.unit.gateway.broken_off")
    with pytest.raises(Problem) as problem:
        apart.read("xlsx", "own", xlsx(ROW))
    assert problem.value.code == "file_too_much"


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=400), format=st.sampled_from(["xlsx", "csv", "jsonl"]))
def test_no_bytes_are_an_error_of_ours(body, format):
    try:
        found = rows(format, body)
    except Unreadable as unreadable:
        assert unreadable.code in CODES
    else:
        assert all(row.keys() in ({"line", "given"}, {"line", "fault"}) for row in found)


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 5_000), byte=st.integers(0, 255))
def test_a_damaged_workbook_is_read_or_refused(place, byte):
    body = bytearray(xlsx(ROW))
    body[place % len(body)] = byte
    try:
        rows("xlsx", bytes(body))
    except Unreadable as unreadable:
        assert unreadable.code in CODES


def test_an_archive_that_lies_about_its_size_yields_no_more_than_it_says():
    body = with_members(xlsx(ROW), {SHEET: sheet_of(HEAD + " " * 2_000_000)})
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        size = archive.getinfo(SHEET).file_size
    lied = body.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lied != body and refused("xlsx", lied) == "file_unreadable"
