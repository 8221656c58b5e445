"""The nodes of the capability taxonomy, read once from `capabilities.yaml`."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

NODES = Path(__file__).with_name("capabilities.yaml")


@dataclass(frozen=True)
class Capability:
    """A node. `gbt4754`: 门类 and 大类 of GB/T 4754-2017, such as E48; synonyms in zh, then en."""

    code: str
    zh: str
    en: str
    synonyms: tuple[str, ...]
    gbt4754: tuple[str, ...]

    @property
    def group(self) -> str:
        """The code of its group; a group is its own."""
        return group_of(self.code)

    @property
    def is_group(self) -> bool:
        return self.group == self.code

    @property
    def words(self) -> tuple[str, ...]:
        """Everything it is called by."""
        return (self.zh, self.en, *self.synonyms)


def group_of(code: str) -> str:
    """The first part of a code."""
    return code.partition(".")[0]


def _node(entry: dict[str, Any]) -> Capability:
    synonyms = (*entry["synonyms"]["zh"], *entry["synonyms"]["en"])
    return Capability(entry["code"], entry["zh"], entry["en"], synonyms, tuple(entry["gbt4754"]))


# libyaml's loader, where PyYAML was built with it, reads the nodes ten times faster.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = NODES.read_text(encoding="utf-8")
STAMP = hashlib.sha256(_TEXT.encode()).hexdigest()[:12]  # what was derived with another is stale
CAPABILITIES: tuple[Capability, ...] = tuple(map(_node, yaml.load(_TEXT, _LOADER)))  # noqa: S506
