"""The words of the page, in one language."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup, escape

from services.contracts.declare import Aggregate
from services.gateway.edge.routes import Route

CHINESE, ENGLISH = "zh", "en"
LANGUAGES = (CHINESE, ENGLISH)
_DATA: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("guide.yaml").read_text(encoding="utf-8")
)
TAGS: dict[str, list[str]] = _DATA["tags"]


class Guide:
    """What `guide.yaml` says in a language."""

    def __init__(self, language: str) -> None:
        self.language, self._place = language, LANGUAGES.index(language)

    def say(self, key: str, *values: object) -> str:
        """Raises KeyError for a key that is not in the list."""
        return self.pick(_DATA["words"][key]).format(*values)

    def pick(self, pair: list[str]) -> str:
        return pair[self._place]

    def tag(self, tag: str) -> str:
        """What a group of operations is called."""
        return self.pick(TAGS.get(tag, [tag, tag]))

    def summary(self, route: Route, said: str) -> str:
        """What an operation does; `said`: what the document says of it, in English.

        A verb that has no Chinese word yet is shown as the document has it.
        """
        if self.language == ENGLISH:
            return said
        target = route.target
        if target is None:
            return str(_DATA["fixed"].get(route.action, said))
        is_read = isinstance(target, Aggregate)
        of = target if isinstance(target, Aggregate) else target.aggregate
        verb = _DATA["verbs"].get(route.action if is_read else getattr(target, "verb", ""))
        return f"{verb} · {self.tag(of.path)}" if verb else said

    def sections(self) -> Iterator[dict[str, Any]]:
        """Each with id, title, paragraphs and maybe an example."""
        for entry in _DATA["guide"]:
            yield {
                "id": entry["id"],
                "title": self.pick(entry["title"]),
                "text": [with_code(self.pick(pair)) for pair in entry["text"]],
                "code": entry.get("code", ""),
            }


def with_code(text: str) -> Markup:
    """What stands between backticks as code, everything escaped."""
    parts = [escape(part) for part in text.split("`")]
    shown = [Markup("<code>{}</code>").format(part) if n % 2 else part
             for n, part in enumerate(parts)]  # fmt: skip
    return Markup("").join(shown)
