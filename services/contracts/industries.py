"""Industries 国民经济行业 by GB/T 4754-2017, as a field."""

from pathlib import Path
from typing import Any

import yaml
from marshmallow import ValidationError

from services.contracts.fields import Text

SECTIONS: dict[str, tuple[int, int]] = yaml.safe_load(
    Path(__file__).with_name("gbt4754.yaml").read_text(encoding="utf-8")
)
# Every 门类 alone, and with each of its 大类: C, C13, C14 …
INDUSTRIES = frozenset(SECTIONS) | {
    f"{section}{division:02d}"
    for section, (first, last) in SECTIONS.items()
    for division in range(first, last + 1)
}


class Industry(Text):
    """A section 门类 of GB/T 4754-2017, alone or with a division 大类: `C`, `C34`."""

    def __init__(self, **kwargs: Any):
        super().__init__(3, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        code = super()._deserialize(value, attr, data, **kwargs).upper()
        if code not in INDUSTRIES:
            raise ValidationError("Not a section or division of GB/T 4754.")
        return code
