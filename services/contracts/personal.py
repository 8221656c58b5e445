"""What one person tells the gateway of itself: no facts, nobody else's."""

import re
from typing import Any

from marshmallow import fields, validate

from services.contracts.fields import Arguments, Count, Text
from services.contracts.webhook import MAX_POSITION

NAME_PATTERN = r"^[a-z0-9_.-]{1,60}$"
NAME = re.compile(r"[a-z0-9_.-]{1,60}")
# A long form of a demand with both of its texts has about 12,000 characters where it is full.
VALUE_BYTES = 16 * 1024


class Name(Text):
    """Of a preference: what a path or a page may be called."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(60, **kwargs)
        self.validators.append(validate.Regexp(NAME_PATTERN))


class MarkRead(Arguments):
    """All notifications up to this position have been read."""

    position = Count(0, MAX_POSITION, required=True)


class SetPreference(Arguments):
    """`value` null forgets the name."""

    name = Name(required=True)
    value = fields.Dict(keys=fields.String(), required=True, allow_none=True)
