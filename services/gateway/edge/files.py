"""A body that is a file of rows, as the arguments of its command; and the sheet to fill in."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from services.contracts import sheet
from services.contracts.declare import Command
from services.contracts.problems import Problem
from services.gateway.edge import intake
from services.gateway.edge.intake import MAX_SHOWN, Call
from services.gateway.sheets import apart
from services.gateway.sheets import template as sheets

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A JSON object is a file of one line.
FORMATS = {
    XLSX: "xlsx",
    "text/csv": "csv",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/json": "jsonl",
}
DOCUMENTED = (XLSX, "text/csv", "application/x-ndjson")


def arguments(command: Command, call: Call) -> dict[str, Any]:
    """The content type decides the format. Raises Problem for what cannot be read."""
    format = FORMATS.get(call.request.mimetype)
    if format is None:
        raise Problem("file_type_unknown")
    encoding = call.request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity"):
        raise Problem("encoding_unsupported", encoding=encoding[:MAX_SHOWN])
    if not call.body:
        raise Problem("file_empty")
    intake.idempotency_key(call.request)  # without one nothing is begun
    target = "own" if command.verb == "create" else "public"
    return {"format": format, "rows": apart.read(format, target, call.body)}


def template(call: Call, headers: Mapping[str, str]) -> Response:
    """For a supplier's own supplies, or the programme's public ones."""
    target = call.parameters("target").text("target", sheet.TARGETS) or sheet.TARGETS[0]
    name = {"Content-Disposition": f'attachment; filename="supplies-{target}.xlsx"'}
    return Response(sheets.template(target), headers={**headers, **name}, mimetype=XLSX)
