"""Fields with the meanings and bounds that every command and event shares."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC
from functools import cached_property, partial
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing, pre_load, validate

from services.contracts.money import CURRENCY, MAX_FEN, as_money, parse_amount

TITLE_LENGTH = 200  # a title longer than this is a text in the wrong field
TEXT_LENGTH = 20_000  # the longest real tender scope seen is under 10,000 characters
MAX_ITEMS = 200  # one page of a list; also the rows of one import batch
# Line feed and tab are text; other control characters (NUL first of all) no database or
# spreadsheet takes back unharmed, and a lone surrogate is no character.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# What is said on one line has no other.
_LINE_BREAKS = re.compile("[\n\r\u2028\u2029]")
# Format characters that words are written with: the joiners of Persian, Hindi and emoji.
_JOINERS = "\u200c\u200d"
# Those that turn the direction of what follows, and show a text as another than it is.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Of § 5.6, whose letters may be small ones.
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)

_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # Hangul fillers and the empty Braille pattern


def has_control_characters(text: str) -> bool:
    """NUL, other control characters but line feed and tab, or lone surrogates."""
    return _CONTROLS.search(text) is not None


def refuse_control_characters(text: str) -> None:
    """Raises ValidationError for NUL, other control characters and lone surrogates."""
    if has_control_characters(text):
        raise ValidationError("Contains a control character.")


def refuse_disguises(text: str, *, is_long: bool) -> None:
    """Two names that look alike are alike, and a name shows itself in the order of its letters.

    Raises ValidationError for line breaks and format characters, of which a long text may have all
    but those that turn what is read.
    """
    if is_long:
        unseen = next(iter(_TURNS.findall(text)), "")
    else:
        unseen = next(filter(_is_disguise, text), "")
    if unseen:
        raise ValidationError(f"Contains the invisible character U+{ord(unseen):04X}.")
    if not is_long and _LINE_BREAKS.search(text):
        raise ValidationError("Contains a line break.")


def _is_disguise(character: str) -> bool:
    return unicodedata.category(character) == "Cf" and character not in _JOINERS


def says_something(text: str) -> bool:
    """Whether a person sees anything of it."""
    return any(map(_is_seen, text))


def _is_seen(character: str) -> bool:
    """Not a space, a mark, a format character or one that no font shows (Unicode's L, N, P, S)."""
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANK_LETTERS


class Text(fields.String):
    """Trimmed text without control characters, at most `max_length` characters.

    One that `is_said`, in a command, has no disguises either; in facts, which are for ever, it has
    what was once said. What is longer than a title may have several lines.
    """

    is_said = False

    def __init__(self, max_length: int = TITLE_LENGTH, *, blank: bool = False, **kwargs: Any):
        self.max_length = max_length
        self.may_be_blank = blank
        low = 0 if blank else 1
        super().__init__(validate=validate.Length(low, max_length), **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        given = str(super()._deserialize(value, attr, data, **kwargs))
        text = given.strip()
        if given and not text and not self.may_be_blank:
            raise ValidationError("Blanks alone: write something, or leave it out.")
        refuse_control_characters(text)
        if self.is_said:
            refuse_disguises(text, is_long=self.max_length > TITLE_LENGTH)
        if text and not says_something(text):
            raise ValidationError("Contains nothing that can be seen.")
        return text


class Spelt(Text):
    """Text by which things are told apart: of one `pattern`, and in one spelling.

    Full-width digits and letters are the plain ones (Unicode's NFKC); what is not seen, and so
    would make two of one, the pattern has no room for. `error` says what is expected.
    """

    def __init__(self, max_length: int, pattern: str, error: str, **kwargs: Any):
        super().__init__(max_length, **kwargs)
        self._spelling = validate.Regexp(pattern, error=error)
        self.validators.append(self._spelling)  # the document of the API reads it, too

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        text = unicodedata.normalize("NFKC", text).strip()
        self._spelling(text)  # before its length is looked at: one thing is wrong, not two
        return text


class Reference(Spelt):
    """What a bank or a payer calls one payment: printable ASCII without spaces."""

    def __init__(self, **kwargs: Any):
        error = "Only letters, digits and signs of ASCII, without spaces."
        super().__init__(60, r"^[!-~]+$", error, **kwargs)


class Code(fields.String):
    """One of a closed list of words."""

    def __init__(self, *choices: str, **kwargs: Any):
        self.choices = choices
        super().__init__(validate=validate.OneOf(choices), **kwargs)


class Flag(fields.Boolean):
    """`true` or `false`; `"yes"`, `"true"` and 1 are neither, whatever they may have meant."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Count(fields.Integer):
    """A whole number within bounds; `True` and `"3"` are not numbers."""

    def __init__(self, low: int = 0, high: int = 10**9, **kwargs: Any):
        self.low, self.high = low, high
        super().__init__(strict=True, validate=validate.Range(low, high), **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", input=value)
        return int(super()._deserialize(value, attr, data, **kwargs))


class Fen(Count):
    """Whole fen inside the platform; in HTTP answers the same key without `_fen` holds money."""

    def __init__(self, **kwargs: Any):
        super().__init__(0, MAX_FEN, **kwargs)


class Money(fields.Field[int]):
    """Money in a command, `{"amount": "12345.67", "currency": "CNY"}`, loaded as fen > 0."""

    def __init__(self, *, zero: bool = False, **kwargs: Any):
        self.low = 0 if zero else 1
        super().__init__(**kwargs)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else as_money(value)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, dict) or set(value) != {"amount", "currency"}:
            raise ValidationError("Expected an object with amount and currency.")
        if value["currency"] != CURRENCY:
            raise ValidationError("Only CNY is supported.")
        if not isinstance(value["amount"], str):
            raise ValidationError("The amount is a decimal string.")
        try:
            fen = parse_amount(value["amount"])
        except ValueError:
            raise ValidationError("Not an amount with at most two decimals.") from None
        if not self.low <= fen <= MAX_FEN:
            raise ValidationError("The amount is out of range.")
        return fen


class Id(fields.UUID):
    """An identifier, kept and shown as a lower-case UUID string."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid_uuid")
        return str(super()._deserialize(value, attr, data, **kwargs))

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else str(value)


class Timestamp(fields.AwareDateTime):
    """An instant within 2000 to 2100, loaded in UTC; a time zone is required, RFC 3339."""

    def __init__(self, **kwargs: Any):
        super().__init__(format="iso", **kwargs)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        # Within a document that is kept as JSON it is text already.
        return value if isinstance(value, str) else super()._serialize(value, attr, obj, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        # ISO 8601 has weeks, no hyphens, hours alone, and Python any letter for the T.
        if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type="datetime")
        moment = super()._deserialize(value.upper(), attr, data, **kwargs)
        try:  # databases know no offsets of 16 hours
            instant = moment.astimezone(UTC)
        except OverflowError:
            instant = None
        if instant is None or not 2000 <= instant.year <= 2100:
            raise self.make_error("invalid", input=value, obj_type="datetime")
        return instant


class Day(fields.Date):
    """A calendar day in Asia/Shanghai, `YYYY-MM-DD`, within 2000 to 2100."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        day = super()._deserialize(value, attr, data, **kwargs)
        # ISO 8601 has more ways to write a day (weeks, no hyphens); the API has this one.
        if value != day.isoformat() or not 2000 <= day.year <= 2100:
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


class Sha256(fields.String):
    """A SHA-256 digest, 64 lower-case hexadecimal digits."""

    def __init__(self, **kwargs: Any):
        # `$` alone would let a trailing line feed through.
        digits = [validate.Length(equal=64), validate.Regexp(r"^[0-9a-f]{64}$")]
        super().__init__(validate=digits, **kwargs)


class Arguments(Schema):
    """What a command is given. Unknown fields are refused."""

    class Meta:
        unknown = RAISE

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        _be_strict(self)

    @pre_load
    def _an_object(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, dict):
            raise ValidationError("Expected a JSON object.")
        return data


def _be_strict(schema: Schema) -> None:
    """Objects inside a command are as strict as the command: a misspelt word is never ignored."""
    for field in schema.fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            inner.unknown = RAISE
            _be_strict(inner.schema)
        elif isinstance(inner, Text):
            inner.is_said = True


class Part(Schema):
    """An object inside a state or a command; unknown fields are ignored when read from a fact."""

    class Meta:
        unknown = EXCLUDE

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """As marshmallow does without hooks, in a fifth of its time: most of a fact's cost.

        What is a string, a number or nothing already is taken as it is.
        """
        several = self.many if many is None else many
        return [self._shown(one) for one in obj] if several else self._shown(obj)

    def _shown(self, obj: Any) -> dict[str, Any]:
        get = obj.get if isinstance(obj, Mapping) else partial(getattr, obj)
        shown = {}
        for name, field, is_plain, part in self._plan:
            value = get(name, missing)
            if value is missing:
                continue
            if part is not None and type(value) is list:
                value = [part._shown(one) for one in value]
            elif value is not None and not (is_plain and type(value) in _PLAIN):
                value = field._serialize(value, name, obj)
            shown[name] = value
        return shown

    @cached_property
    def _plan(self) -> list[tuple[str, fields.Field[Any], bool, "Part | None"]]:
        return [
            (name, field, isinstance(field, _PLAIN_FIELDS), _listed_part(field))
            for name, field in self.dump_fields.items()
        ]


def _listed_part(field: fields.Field[Any]) -> Part | None:
    """The schema of the parts of which the field is a list, if it is one."""
    inner = field.inner if isinstance(field, fields.List) else None
    schema = inner.schema if isinstance(inner, fields.Nested) else None
    return schema if isinstance(schema, Part) else None


_PLAIN = frozenset({str, int, bool})
_PLAIN_FIELDS = (fields.String, fields.Integer, fields.Boolean, fields.UUID)


class State(Part):
    """An aggregate's whole public state, as its events carry it. Unknown fields are ignored."""

    id = Id(required=True)
    number = Text(40, required=True)
    state = Text(40, required=True)
    sequence = Count(1, required=True)
    created_at = Timestamp(required=True)
    updated_at = Timestamp(required=True)
    reason_code = Text(60, allow_none=True)
    thread_id = Id(allow_none=True)


class _Bounded(fields.List[Any]):
    """Of a list that is too long no item is looked at: a file has room for a million of them."""

    def __init__(self, field: fields.Field[Any], high: int, low: int | None, **kwargs: Any):
        self._length = validate.Length(low, high)  # the document of the API reads it, too
        super().__init__(field, validate=self._length, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list):
            self._length(value)
        return super()._deserialize(value, attr, data, **kwargs)


def listed(
    field: fields.Field[Any], high: int = MAX_ITEMS, low: int | None = None, **kwargs: Any
) -> fields.List[Any]:
    """A bounded list."""
    return _Bounded(field, high, low, **kwargs)
