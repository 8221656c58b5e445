"""The `facets` of a demand or a supply as fields: what may be given depends on its kind.

Once loaded they are JSON, as facts carry them: an amount under `min_fen`, a day as its text.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.contracts import capabilities
from services.contracts.fields import (
    Arguments,
    Code,
    Count,
    Day,
    Fen,
    Flag,
    Money,
    Part,
)
from services.contracts.kinds import DEMANDS, Facet, Kind

SEVERAL = 20  # codes of one facet; who names more means any


class CapabilityCode(fields.String):
    """A capability by its code, its name or another word for it; loaded as the code."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        code = capabilities.named(str(super()._deserialize(value, attr, data, **kwargs)))
        if code is None:
            raise ValidationError("Not a capability.")
        return code


class DayText(Day):
    """A day that stays text, as JSON has it."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, attr, data, **kwargs).isoformat()

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return value


class CountRange(Part):
    """From `min` to `max`; one of them may be left out."""

    min = Count()
    max = Count()

    @validates_schema
    def _ascends(self, data: Mapping[str, int], **_: Any) -> None:
        ascends(data.get("min"), data.get("max"))


class FenRange(Part):
    """The same of amounts."""

    min_fen = Fen()
    max_fen = Fen()


class MoneyRange(Part):
    """The same of amounts, as commands give them."""

    min_fen = Money(data_key="min", zero=True)
    max_fen = Money(data_key="max")

    @validates_schema
    def _ascends(self, data: Mapping[str, int], **_: Any) -> None:
        ascends(data.get("min_fen"), data.get("max_fen"))


def ascends(low: int | None, high: int | None) -> None:
    """Raises ValidationError for a range without an end, and for one the wrong way round."""
    if low is None and high is None:
        raise ValidationError("Give min, max or both.")
    if low is not None and high is not None and low > high:
        raise ValidationError("The minimum is above the maximum.")


def _several(field: fields.Field[Any]) -> fields.List[Any]:
    return fields.List(field, validate=validate.Length(1, SEVERAL))


# How a facet of each type is given in a command; facts carry the same, but for amounts.
_GIVEN: dict[str, Callable[[Facet], fields.Field[Any]]] = {
    "codes": lambda facet: _several(Code(*facet.codes)),
    "capabilities": lambda _: _several(CapabilityCode()),
    "count": lambda _: fields.Nested(CountRange),
    "money": lambda _: fields.Nested(MoneyRange),
    "day": lambda _: DayText(),
    "flag": lambda _: Flag(),
}
_STATED = _GIVEN | {"money": lambda _: fields.Nested(FenRange)}


def _named(facet: Facet, field: fields.Field[Any]) -> fields.Field[Any]:
    """With what people read, for documents."""
    codes = [f"{code} {names.zh} {names.en}" for code, names in facet.codes.items()]
    name = f"{facet.names.zh} {facet.names.en}"
    field.metadata = {"description": f"{name}: {' · '.join(codes)}" if codes else name}
    return field


def _schemas(base: type[Schema], prefix: str, of: dict[str, Any]) -> Mapping[str, type[Schema]]:
    """By kind of demand; of a kind without facets an empty one."""
    return MappingProxyType(
        {
            kind.kind: base.from_dict(
                {facet.name: _named(facet, of[facet.type](facet)) for facet in kind.facets},
                name=f"{prefix}{kind.kind.title()}Facets",
            )
            for kind in DEMANDS.values()
        }
    )


GIVEN = _schemas(Arguments, "Given", _GIVEN)
STATED = _schemas(Part, "", _STATED)
_LOADS = {kind: schema() for kind, schema in GIVEN.items()}


class Facets(fields.Dict):
    """Facets as a fact carries them; its owner has checked them."""

    SCHEMAS = STATED


class GivenFacets(Facets):
    """Facets in a command, checked by the `kind` beside them.

    `kinds`: by that kind, of demands or of supplies, the kind of demand whose facets they are.
    `usual` is the one that is meant where none is given.
    """

    SCHEMAS = GIVEN

    def __init__(self, kinds: Mapping[str, Kind], usual: str) -> None:
        super().__init__(load_default=None, allow_none=True)
        self._kinds, self._usual = kinds, usual

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> dict[str, Any]:
        given = data.get("kind", self._usual)
        kind = self._kinds.get(given) if isinstance(given, str) else None
        if kind is None:  # which is refused by itself
            return {}
        loaded: dict[str, Any] = _LOADS[kind.kind].load(value)
        return loaded
