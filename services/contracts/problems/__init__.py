"""Everything the platform can refuse, each with a code, an HTTP status and a text in zh and en."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from services.contracts.problems import (
    common,
    finance,
    gateway,
    importing,
    matching,
    orders,
    people,
    signing_in,
)

Table = Mapping[str, tuple[int, str, str]]


class Refusal(NamedTuple):
    """How a code is answered. The texts may name parameters in braces."""

    status: int
    zh: str
    en: str


def collected(*tables: Table) -> dict[str, Refusal]:
    """All refusals of these tables. Raises ValueError for a code that stands in two of them."""
    found: dict[str, Refusal] = {}
    for table in tables:
        if twice := found.keys() & table.keys():
            raise ValueError(f"one code, two texts: {', '.join(sorted(twice))}")
        found |= {code: Refusal(*refusal) for code, refusal in table.items()}
    return found


CODES = collected(
    common.CODES,
    orders.CODES,
    matching.CODES,
    importing.CODES,
    finance.CODES,
    gateway.CODES,
    people.CODES,
    signing_in.CODES,
)


UNKNOWN = "服务拒绝了该请求（{code}）", "The service refused the request ({code})"


class Problem(Exception):
    """A command or query is refused, nothing has changed. `code` must be in CODES.

    Only one that comes from a service of a newer version may have a code that is not: it is then
    told by its status. `pointer` is the JSON pointer of the offending field ("" for the whole);
    `errors` lists several.
    """

    def __init__(
        self,
        code: str,
        pointer: str = "",
        *,
        errors: list[dict[str, str]] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(f"{code} at {pointer or '/'} {params}")
        self.code, self.pointer, self.params = code, pointer, params
        self.errors = errors or []

        self._told_status = 500

    @property
    def status(self) -> int:
        return self._refusal.status

    def text(self, language: str) -> str:
        """What a person reads; `language` is "zh-CN" or "en"."""
        refusal = self._refusal
        shown = _Shown({"code": self.code} | self.params)
        return (refusal.en if language == "en" else refusal.zh).format_map(shown)

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "status": self.status,
            "pointer": self.pointer,
            "params": self.params,
            "errors": self.errors,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Problem":
        problem = cls(data["code"], data["pointer"], errors=data["errors"], **data["params"])
        problem._told_status = data.get("status", 500)
        return problem

    @property
    def _refusal(self) -> Refusal:
        return CODES.get(self.code) or Refusal(self._told_status, *UNKNOWN)


class _Shown(dict[str, Any]):
    """A parameter that was not given shows as its name: a text never fails to render."""

    def __missing__(self, key: str) -> str:
        return key
