"""The built portal stays small, whoever reads it over a phone's line."""

import gzip
import re
from pathlib import Path

from deploy.sails import portal as building

# In bytes of gzip, scripts and styles together.
WHOLE = 418_000  # the most that page sets like this one were built to, in both languages
FIRST_VISIT = 140_000  # of the page where one signs in, in one language
IMPORTED = re.compile(r"""(?:from|import)\s*["'`]\./([^"'`]+)["'`]""")
NAMED = re.compile(r'assets/([^"]+)"')


def _assets() -> dict[str, Path]:
    assert (building.DIST / "index.html").exists(), "run `make portal` first"
    assets = (building.DIST / "assets").iterdir()
    return {path.name: path for path in assets if path.suffix in (".js", ".css")}


def _size(paths: list[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def _loaded(assets: dict[str, Path], *beginnings: str) -> list[Path]:
    """What the index names and what has such a name, with all that these import at once."""
    index = (building.DIST / "index.html").read_text(encoding="utf-8")
    wanted = NAMED.findall(index) + [name for name in assets if name.startswith(beginnings)]
    found = dict[str, Path]()
    while wanted:
        name = wanted.pop()
        if name in assets and name not in found:
            found[name] = assets[name]
            wanted += IMPORTED.findall(found[name].read_text(encoding="utf-8"))
    return list(found.values())


def test_the_portal_is_small() -> None:
    assert _size(list(_assets().values())) <= WHOLE


def test_who_signs_in_waits_for_little() -> None:
    loaded = _loaded(_assets(), "SignIn-", "entry-", "_texts_zh-CN_entry-")
    assert any(path.name.startswith("base-") for path in loaded)
    assert _size(loaded) <= FIRST_VISIT
