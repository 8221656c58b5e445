"""The human page of the API: one HTML file without anything from elsewhere."""

from functools import cache
from html import escape
from itertools import groupby
from typing import Any

from services.contracts.problems import CODES
from services.gateway.edge import openapi
from services.gateway.readmodel.rendering import JSON

Node = dict[str, Any]

STYLE = """
body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:60rem;
margin:2rem auto;padding:0 1rem;color:#1b2733;background:#fff}
h1,h2{line-height:1.25}h2{margin-top:2.5rem;border-bottom:1px solid #d5dde5}
code{background:#eef2f6;padding:.1em .35em;border-radius:4px}
details{border:1px solid #d5dde5;border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}
summary{cursor:pointer}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;border-top:1px solid #e3e9ef}
.get{color:#0b6b3a}.post{color:#8a3b00}.muted{color:#5b6b7b}
:focus-visible{outline:3px solid #1463ff}
@media(prefers-color-scheme:dark){body{background:#10161d;color:#dfe7ef}code{background:#1d2833}
.get{color:#6fd39b}.post{color:#ffb27a}.muted{color:#9fb0c0}}
"""
INTRODUCTION = """
<p>请求携带 <code>Authorization: Bearer &lt;API 密钥&gt;</code>；每个改变数据的 POST 携带
<code>Idempotency-Key</code>，重复发送得到第一次的答复；标明需要版本的操作携带
<code>If-Match</code>。金额写作 <code>{"amount": "12345.67", "currency": "CNY"}</code>。</p>
<p>网页用户登录（<a href="#session">session</a>）后以 Cookie 代替密钥，非 GET 请求携带
<code>X-CSRF-Token</code>。</p>
<p lang="en">Send <code>Authorization: Bearer &lt;API key&gt;</code>; with every POST that changes
something an <code>Idempotency-Key</code>: repeated, it gets the first answer; and
<code>If-Match</code> where a version is asked for. People sign in
(<a href="#session">session</a>): the cookie then stands for the key, and whatever is no GET carries
<code>X-CSRF-Token</code>. The machine-readable document:
<a href="/api/openapi.json">openapi.json</a>.</p>
"""


@cache
def page() -> str:
    """HTML, made once of the OpenAPI document and the list of refusals."""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(openapi.TITLE)} API</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{escape(openapi.TITLE)} API</h1>{INTRODUCTION}{_operations()}{_problems()}"
        "</main></body></html>"
    )


def _operations() -> str:
    document = openapi.document()
    found = sorted(
        (operation["tags"][0], path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    return "".join(
        f'<section><h2 id="{escape(tag)}">{escape(tag)}</h2>'
        + "".join(_operation(document, *entry[1:]) for entry in entries)
        + "</section>"
        for tag, entries in groupby(found, key=lambda entry: entry[0])
    )


def _operation(document: Node, path: str, method: str, operation: Node) -> str:
    scopes = [scope for entry in operation["security"][:1] for scope in entry.get("key", ())]
    scope = f"<p>scope: <code>{escape(', '.join(scopes))}</code></p>" if scopes else ""
    asked = [(p["name"], p["in"], p.get("required", False)) for p in operation["parameters"]]
    body = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")
    asked += _fields(document, body) if body else []
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code>{' *' if required else ''}</td>"
        f"<td>{escape(where)}</td></tr>"
        for name, where, required in asked
    )
    table = f"<table><tr><th>*</th><th></th></tr>{rows}</table>" if rows else ""
    return (
        f'<details><summary><b class="{method}">{method.upper()}</b> <code>{escape(path)}</code> '
        f'<span class="muted">{escape(operation["summary"])}</span></summary>'
        f"{scope}{table}</details>"
    )


def _fields(document: Node, body: Node) -> list[tuple[str, str, bool]]:
    """Name, type and whether it must be given, of each field of a body."""
    schema = document["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    required = schema.get("required", ())
    return [
        (name, _type(field), name in required)
        for name, field in schema.get("properties", {}).items()
    ]


def _type(field: Node) -> str:
    if "$ref" in field:
        return str(field["$ref"].rpartition("/")[2])
    kind = field.get("format") or field.get("type", "object")
    text = kind if isinstance(kind, str) else " | ".join(kind)
    return f"{text} of {_type(field['items'])}" if "items" in field else str(text)


def _problems() -> str:
    rows = "".join(
        f'<tr id="{code}"><td><code>{code}</code></td><td>{refusal.status}</td>'
        f'<td>{escape(refusal.zh)}<br><span lang="en">{escape(refusal.en)}</span></td></tr>'
        for code, refusal in sorted(CODES.items())
    )
    return f'<section><h2 id="problems">problems</h2><table>{rows}</table></section>'
