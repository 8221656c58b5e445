"""The kinds of demands and what each may state, for whoever fills one in: alike for everybody."""

from typing import Any

from services.contracts.kinds import DEMANDS, SUPPLIES, Facet, Kind, Names

Node = dict[str, Any]


def document() -> Node:
    """As `kinds.yaml` has them, in its order."""
    return {"items": [_kind(kind) for kind in DEMANDS.values()]}


def _kind(kind: Kind) -> Node:
    return {
        "kind": kind.kind,
        **_said(kind.names),
        "answered_by": [{"kind": one, **_said(SUPPLIES[one])} for one in kind.answered_by],
        "methods": list(kind.methods),
        "facets": [_facet(facet) for facet in kind.facets],
    }


def _facet(facet: Facet) -> Node:
    return {
        "name": facet.name,
        **_said(facet.names),
        "type": facet.type,
        "is_hard": facet.is_hard,
        "unit": None if facet.unit is None else _said(facet.unit),
        "codes": [{"code": code, **_said(names)} for code, names in facet.codes.items()],
    }


def _said(names: Names) -> Node:
    return {"zh": names.zh, "en": names.en}


_WORDS: Node = {"zh": {"type": "string"}, "en": {"type": "string"}}


def _all_of(**properties: Node) -> Node:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _some(item: Node) -> Node:
    return {"type": "array", "items": item}


def _one_of(*words: str) -> Node:
    return {"type": "string", "enum": sorted(words)}


_TYPES = _one_of(*{facet.type for kind in DEMANDS.values() for facet in kind.facets})
_METHODS = _one_of(*{method for kind in DEMANDS.values() for method in kind.methods})
_UNIT: Node = {**_all_of(**_WORDS), "type": ["object", "null"]}
_FACET = _all_of(
    name={"type": "string"},
    **_WORDS,
    type=_TYPES,
    is_hard={"type": "boolean", "description": "Whoever shares no value is not proposed"},
    unit=_UNIT,
    codes={**_some(_all_of(code={"type": "string"}, **_WORDS)), "description": "Of type `codes`"},
)
SCHEMA = _all_of(
    items=_some(
        _all_of(
            kind=_one_of(*DEMANDS),
            **_WORDS,
            answered_by=_some(_all_of(kind=_one_of(*SUPPLIES), **_WORDS)),
            methods=_some(_METHODS),
            facets=_some(_FACET),
        )
    )
)
