"""Fields that every command shares: what they take, and as what."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from marshmallow import Schema, ValidationError, fields

from services.contracts.fields import Arguments, Day, Flag, Part, Text, Timestamp, listed
from services.contracts.problems.field_messages import translate
from services.contracts.registry import AGGREGATES, COMMANDS, QUERIES


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-02T09:00:00+08:00", datetime(2026, 3, 2, 1, tzinfo=UTC)),
        ("2026-03-02T00:00:00+23:59", datetime(2026, 3, 1, 0, 1, tzinfo=UTC)),
        ("2026-03-02T01:00:00.5-00:30", datetime(2026, 3, 2, 1, 30, 0, 500_000, UTC)),
        ("2026-03-02t01:00:00z", datetime(2026, 3, 2, 1, tzinfo=UTC)),
        ("2026-03-02T01:00:00.1234567899Z", datetime(2026, 3, 2, 1, 0, 0, 123_456, UTC)),
    ],
)
def test_an_instant_is_loaded_in_utc(written: str, meant: datetime) -> None:
    """Databases know no offsets of 16 hours."""
    loaded = Timestamp().deserialize(written)
    assert loaded == meant and loaded.utcoffset() == timedelta(0)
    assert Timestamp().deserialize(loaded.isoformat()) == meant


@pytest.mark.parametrize(
    "written",
    [
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "1999-12-31T23:59:59+00:00",
        "2000-01-01T00:00:00+08:00",  # in UTC it is 1999 still, and would not be read back
        "2026-03-02T00:00:00",
        "2026-W51-7T00:00Z",
        "20261220T000000Z",
        "2026-12-20T000000Z",
        "2026-12-20X00:00:00Z",
        "2026-12-20 00:00:00Z",
        "2026-12-20T00:00Z",
        "2026-12-20T00:00:00,5Z",
        "2026-12-20T00:00:00+0800",
        "2026-12-20T00:00:00+08",
        "2026-12-20T00:00:00+08:00:00.5",
        "2026-12-20T00:00:00Z\n",
        "２026-12-20T00:00:00Z",
        "2026-12-20T24:00:01Z",
        "2026-02-30T00:00:00Z",
        20261220,
    ],
)
def test_an_instant_outside_the_bounds_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        Timestamp().deserialize(written)


def test_a_day_is_written_in_one_way() -> None:
    assert Day().deserialize("2026-03-02") == date(2026, 3, 2)
    for written in ("20260302", "2026-W10-1", "2026-3-2", "2026-03-02T00:00:00", "1999-12-31"):
        with pytest.raises(ValidationError):
            Day().deserialize(written)


@pytest.mark.parametrize(
    "text", ["\u200b", "\u200b \u2060", "\ufeff", "\u00ad\u200d", "\u0301", "\u3164", "\u2800"]
)
def test_a_text_has_something_to_see(text: str) -> None:
    with pytest.raises(ValidationError, match="nothing that can be seen"):
        Text().deserialize(text)


@pytest.mark.parametrize("text", ["甲", "7", "…", "👍", "é", "a\u200bb", "️☎️"])
def test_whatever_shows_is_a_text(text: str) -> None:
    assert Text().deserialize(text) == text


@pytest.mark.parametrize("written", ["yes", "true", "True", "on", "1", "", 1, 0, 1.0, [], {}])
def test_a_flag_is_true_or_false(written: object) -> None:
    assert [Flag().deserialize(flag) for flag in (True, False)] == [True, False]
    with pytest.raises(ValidationError, match="Not a valid boolean"):
        Flag().deserialize(written)


def fields_of(schema: Schema) -> Iterator[fields.Field]:
    """Its fields and those of the objects in them."""
    for field in schema.fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        yield inner
        if isinstance(inner, fields.Nested):
            yield from fields_of(inner.schema)


def test_no_contract_guesses_what_a_boolean_means() -> None:
    schemas = [declared.schema for declared in (*COMMANDS.values(), *QUERIES.values())]
    schemas += [aggregate.schema for aggregate in AGGREGATES.values()]
    booleans = [f for one in schemas for f in fields_of(one) if isinstance(f, fields.Boolean)]
    assert len(booleans) > 5 and {type(field) for field in booleans} == {Flag}


def test_of_a_list_that_is_too_long_no_item_is_looked_at() -> None:
    """A file has room for a million of them, and its owner would go through them all."""
    looked_at = []

    class Seen(fields.Integer):
        def _deserialize(self, value: object, *given: object, **more: object) -> int:
            looked_at.append(value)
            return 0

    bounded = listed(Seen(), 3)
    assert bounded.deserialize([1, 2, 3]) == [0, 0, 0]
    looked_at.clear()
    with pytest.raises(ValidationError) as refused:
        bounded.deserialize(["x"] * 4)
    assert refused.value.messages == ["Longer than maximum length 3."]
    assert looked_at == []


class _Part(Part):
    name = Text(80)


class _Said(Arguments):
    name = Text(80)
    tiers = listed(Text(40))
    people = listed(fields.Nested(_Part))
    note = Text(500)


@pytest.mark.parametrize(
    ("character", "message"),
    [
        ("\u202e", "Contains the invisible character U+202E."),
        ("\u200b", "Contains the invisible character U+200B."),
        ("\ufeff", "Contains the invisible character U+FEFF."),
        ("\u00ad", "Contains the invisible character U+00AD."),
        ("\U000e0041", "Contains the invisible character U+E0041."),
        ("\n", "Contains a line break."),
        ("\r\n", "Contains a line break."),
        ("\u2028", "Contains a line break."),
    ],
)
def test_a_name_is_one_line_and_shows_itself(character: str, message: str) -> None:
    name = f"海淀{character}精密"
    given = {"name": name, "tiers": [name], "people": [{"name": name}], "note": "好"}
    with pytest.raises(ValidationError) as caught:
        _Said().load(given)
    assert caught.value.messages == {
        "name": [message], "tiers": {0: [message]}, "people": {0: {"name": [message]}},
    }  # fmt: skip
    assert translate(message, "zh-CN") != message
    assert _Part().load({"name": name}) == {"name": name}  # a fact says what was once said


def test_a_long_text_has_lines_and_turns_nothing() -> None:
    note = "第一行\r\n第二行\u200b\u2028"
    assert _Said().load({"note": note + "。"}) == {"note": note + "。"}
    for turn in "\u202a\u202e\u2066\u2069":
        with pytest.raises(ValidationError):
            _Said().load({"note": f"总价{turn}001"})


@pytest.mark.parametrize("name", ["👩\u200d🔧 工坊", "می\u200cخواهم", "क्\u200dष", "A\tB"])
def test_what_words_are_written_with_is_taken(name: str) -> None:
    assert _Said().load({"name": name}) == {"name": name}


@pytest.mark.parametrize("blanks", [" ", "\u3000\t ", "\n"])
def test_blanks_alone_are_refused_in_words_or_are_nothing(blanks: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Text(500).deserialize(blanks)
    said = translate(refused.value.messages[0], "zh-CN")
    assert said == "只有空白：请填写内容，不需要时请留空。"
    assert Text(500, blank=True).deserialize(blanks) == ""
