"""The operations of the OpenAPI document, as the template shows them."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from services.gateway.edge import problems
from services.gateway.edge.docs import types
from services.gateway.edge.docs.guide import Guide
from services.gateway.edge.routes import ROUTES
from services.gateway.readmodel.rendering import JSON

Node = dict[str, Any]

_ROUTES = {(route.method, route.label): route for route in ROUTES}
# What every operation may answer; said once, in the guide.
USUAL = frozenset({"default", "413", "414", "431"})


def groups(guide: Guide, document: Node) -> list[Node]:
    """By tag, in the order of their paths."""
    found = sorted(
        (operation["tags"][0], path, method)
        for path, ways in document["paths"].items()
        for method, operation in ways.items()
    )
    return [
        {
            "id": tag,
            "title": guide.tag(tag),
            "operations": [_operation(guide, document, path, way) for _, path, way in entries],
        }
        for tag, entries in groupby(found, key=lambda entry: entry[0])
    ]


def _operation(guide: Guide, document: Node, path: str, method: str) -> Node:
    operation = document["paths"][path][method]
    names = {parameter["name"] for parameter in operation["parameters"]}
    return {
        "id": anchor(method, path),
        "method": method.upper(),
        "path": path,
        "summary": guide.summary(_ROUTES[method.upper(), path], operation["summary"]),
        "scope": ", ".join(_scopes(operation)),
        "is_versioned": "If-Match" in names,
        "is_idempotent": "Idempotency-Key" in names,
        "parameters": list(_parameters(guide, operation)),
        **_body(guide, document, operation),
        "request": _request(document, path, method, operation),
        **_answer(document, operation),
        "errors": list(_errors(guide, operation)),
    }


def _scopes(operation: Node) -> list[str]:
    """A session gives the same ones as a key."""
    return [scope for entry in operation["security"] for scope in entry.get("key", ())]


def anchor(method: str, path: str) -> str:
    """An id that an address may carry."""
    return f"{method}{path}".replace("/", "-").replace("{", "").replace("}", "")


def _parameters(guide: Guide, operation: Node) -> Iterator[types.Field]:
    for given in operation["parameters"]:
        schema = given["schema"] | (
            {"description": given["description"]} if "description" in given else {}
        )
        is_required = given.get("required", False)
        yield types.field(guide, given["name"], schema, is_required, given["in"])


def _body(guide: Guide, document: Node, operation: Node) -> Node:
    content = operation.get("requestBody", {}).get("content", {})
    if JSON not in content:
        return {"body": [], "files": ", ".join(content)}
    schema = _resolved(document, content[JSON]["schema"])
    return {"body": types.fields(guide, schema), "files": ""}


def _request(document: Node, path: str, method: str, operation: Node) -> str:
    """As one would type it."""
    lines = [f'curl -X {method.upper()} "https://HOST{path}"']
    if operation["security"]:
        lines.append('-H "Authorization: Bearer $KEY"')
    for given in operation["parameters"]:
        if given["in"] == "header" and given.get("required"):
            value = '\\"3\\"' if given["name"] == "If-Match" else "$(uuidgen)"
            lines.append(f'-H "{given["name"]}: {value}"')
    content = operation.get("requestBody", {}).get("content", {})
    if JSON in content:
        body = types.example(document, content[JSON]["schema"], least=True)
        lines += [f'-H "Content-Type: {JSON}"', f"-d '{_text(body)}'"]
    elif content:
        lines += [f'-H "Content-Type: {next(iter(content))}"', "--data-binary @FILE"]
    return " \\\n  ".join(lines)


def _answer(document: Node, operation: Node) -> Node:
    status = next(one for one in operation["responses"] if one.startswith(("2", "302")))
    contents = operation["responses"][status].get("content")
    if contents is None:  # a browser is sent elsewhere
        return {
            "status": status, "media": "Location", "answer": "", "reference": None,
            "answer_example": "",
        }  # fmt: skip
    media, content = " / ".join(contents), next(iter(contents.values()))
    text, reference = types.type_of(content["schema"])
    shown = ""
    if reference is None and media == JSON:  # of the others the type has one
        shown = _text(types.example(document, content["schema"], depth=2))
    return {"status": status, "media": media, "answer": text, "reference": reference,
            "answer_example": shown}  # fmt: skip


def _errors(guide: Guide, operation: Node) -> Iterator[tuple[str, str]]:
    for status in operation["responses"]:
        if status.startswith(("4", "5")) and status not in USUAL:
            zh, en = problems.TITLES[int(status)]
            yield status, guide.pick([zh, en])


def _resolved(document: Node, node: Node) -> Node:
    if "$ref" not in node:
        return node
    found: Node = document["components"]["schemas"][node["$ref"].rpartition("/")[2]]
    return found


def schemas(guide: Guide, document: Node) -> list[Node]:
    """Every type that an operation names, with its fields and an example."""
    return [
        {
            "name": name,
            "fields": types.fields(guide, schema),
            "example": _text(types.example(document, schema, depth=2)),
        }
        for name, schema in sorted(document["components"]["schemas"].items())
    ]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
