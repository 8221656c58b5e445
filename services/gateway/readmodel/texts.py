"""The documents of a batch, each text once: what several audiences share travels once."""

from typing import Any

from services.gateway.readmodel import extracts
from services.gateway.readmodel.extracts import Extract

Row = dict[str, Any]


class Texts:
    """The documents of a batch, each text once, with what lists know of it; numbered from one."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._extracts: list[Extract] = []

    def place(self, text: str, kind: str, document: Row) -> int:
        """The number of the text."""
        place = self._places.setdefault(text, len(self._places) + 1)
        if place > len(self._extracts):
            self._extracts.append(extracts.of(kind, document))
        return place

    def columns(self) -> Row:
        """By name, a list as long as there are texts."""
        extracted = (
            zip(*self._extracts, strict=True) if self._extracts else ((),) * len(Extract._fields)
        )
        return {"texts": list(self._places)} | dict(
            zip(Extract._fields, map(list, extracted), strict=True)
        )
