"""Every setting that a process reads is documented."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\b(SAILS_[A-Z_]+|AMQP_URI)\b")


def names_in(folder: str) -> set[str]:
    return {
        name
        for path in (ROOT / folder).rglob("*.py")
        for name in NAME.findall(path.read_text("utf-8"))
    }


def test_each_setting_is_in_the_table() -> None:
    documented = set(NAME.findall((ROOT / "docs/settings.md").read_text("utf-8")))
    assert names_in("services") | names_in("deploy") <= documented
