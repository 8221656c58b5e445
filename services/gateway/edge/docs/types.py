"""A schema as people read it: its type, its rules, and an example."""

from typing import Any, NamedTuple

from services.gateway.edge.docs.guide import Guide

Node = dict[str, Any]

DEEP = 4  # parts within parts of an example
MANY = 12  # values of a closed list that are shown; the document has all
EXAMPLES = {
    "date-time": "2026-03-02T09:30:00+08:00",
    "date": "2026-03-02",
    "uuid": "0198c5f0-7a10-7000-8000-000000000001",
    "email": "zhang@example.com",
    "binary": "…",
}
MONEY = {"amount": "12345.67", "currency": "CNY"}


class Field(NamedTuple):
    """A row of a table; `reference` is the type that it links to."""

    name: str
    type: str
    reference: str | None
    is_required: bool
    rules: str
    where: str = ""


def fields(guide: Guide, schema: Node) -> list[Field]:
    """All properties of an object."""
    required = schema.get("required", ())
    return [
        field(guide, name, node, name in required)
        for name, node in schema.get("properties", {}).items()
    ]


def field(guide: Guide, name: str, node: Node, is_required: bool, where: str = "") -> Field:
    """One of them."""
    text, reference = type_of(node)
    return Field(name, text, reference, is_required, _rules(guide, node), where)


def type_of(node: Node) -> tuple[str, str | None]:
    """Its name, and the schema of ours that it is or holds."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return name, name
    if is_money(node):
        return "Money", None
    if "items" in node:
        text, reference = type_of(node["items"])
        return f"{text}[]", reference
    options = node.get("allOf") or node.get("anyOf") or node.get("oneOf") or ()
    if len(kept := [each for each in options if each.get("type") != "null"]) == 1:
        return type_of(kept[0])
    kinds = node.get("type", "object")
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    if node.get("format"):
        kinds = [node["format"] if kind == "string" else kind for kind in kinds]
    return " | ".join(kinds), None


def is_money(node: Node) -> bool:
    return set(node.get("properties", ())) == {"amount", "currency"}


def _rules(guide: Guide, node: Node) -> str:
    said = [node["description"].rstrip(".")] if "description" in node else []
    if values := node.get("enum") or node.get("items", {}).get("enum"):
        shown = [str(value) for value in values[:MANY]] + (["…"] if len(values) > MANY else [])
        said.append(guide.say("one_of", ", ".join(shown)))
    if "maxLength" in node:
        said.append(guide.say("length", node.get("minLength", 0), f"{node['maxLength']:,}"))
    if "maxItems" in node:
        said.append(guide.say("items", node["maxItems"]))
    if "maximum" in node:
        low, high = node.get("minimum", 0), node["maximum"]
        said.append(guide.say("between", f"{low:,}", f"{high:,}"))
    if node.get("default") not in (None, "", []):
        said.append(guide.say("default", str(node["default"]).lower()))
    return "; ".join(said)


def example(document: Node, node: Node, depth: int = DEEP, *, least: bool = False) -> Any:
    """What could stand there; `least`: of an object what must be given, if anything must."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return example(document, document["components"]["schemas"][name], depth, least=least)
    for several in ("allOf", "anyOf", "oneOf"):
        if several in node and "properties" not in node:
            return example(document, node[several][0], depth, least=least)
    if (known := _known(node)) is not None:
        return known
    kinds = node.get("type", "object")
    kind = kinds if isinstance(kinds, str) else next(k for k in kinds if k != "null")
    if kind == "object":
        return _object(document, node, depth, least) if depth else {}
    if kind == "array":
        return [example(document, node["items"], depth - 1)] if depth else []
    return _scalar(kind, node)


def _known(node: Node) -> Any:
    """Money, a default or a word of a closed list; else None."""
    if is_money(node):
        return MONEY
    if node.get("default") not in (None, "", []):
        return node["default"]
    return node["enum"][0] if "enum" in node else None


def _object(document: Node, node: Node, depth: int, least: bool) -> Node:
    properties = node.get("properties", {})
    kept = [name for name in node.get("required", ()) if name in properties] if least else []
    return {
        name: example(document, properties[name], depth - 1, least=least)
        for name in (kept or properties)
    }


def _scalar(kind: str, node: Node) -> Any:
    if kind in ("integer", "number"):
        return node.get("minimum", 1)
    if kind == "boolean":
        return True
    return EXAMPLES.get(node.get("format", ""), "…")
