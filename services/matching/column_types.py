"""Types of columns that hold parts of a contract."""

from typing import Any

from marshmallow import Schema
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

Json = dict[str, Any]


class Parts(TypeDecorator[list[Json]]):
    """A list of objects as JSON, or null, each loaded and dumped by a schema of the contract."""

    impl = JSONB(none_as_null=True)
    cache_ok = True

    def __init__(self, part: type[Schema]) -> None:
        super().__init__()
        self.part = part

    def process_bind_param(self, value: list[Json] | None, dialect: Dialect) -> Any:
        return None if value is None else self.part(many=True).dump(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> list[Json] | None:
        return None if value is None else self.part(many=True).load(value)
