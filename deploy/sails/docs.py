"""The generated part of `docs/`: what the declarations already say, for people to read."""

import json
from pathlib import Path

from services.contracts import catalogue

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "docs" / "events"


def event_documents() -> dict[str, str]:
    """File name to text of everything in `docs/events/`."""
    return {
        name: content if isinstance(content, str) else as_text(content)
        for name, content in catalogue.documents().items()
    }


def as_text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write() -> None:
    """Write `docs/events/` anew; what is no longer declared goes."""
    fresh = event_documents()
    for path in EVENTS.iterdir():
        if path.name not in fresh:
            path.unlink()
    for name, text in fresh.items():
        (EVENTS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
