"""The portal's words: the same in both languages, all that it uses, and nothing that it does not.

A key is used by standing in the source whole, or by being what a template puts together: of
`` `matches.feature.${name}` `` every key that begins like it. What begins with the area alone, such
as `` `home.${one.name}` ``, must have its ending somewhere in the source as a text of its own.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from services.contracts import words
from services.gateway.edge.docs import guide
from services.gateway.readmodel.definitions import DEFINITIONS

SOURCE = Path(guide.__file__).parents[2] / "portal" / "src"
CHINESE, ENGLISH = (SOURCE / "i18n" / language for language in ("zh-CN", "en"))
HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
LITERAL = re.compile(r"\{'([^']*)'\}")
PLACEHOLDER = re.compile(r"\{\s*([a-zA-Z0-9_]+)\s*\}")
WHOLE = re.compile(r"""['`]([a-z]+\.[a-zA-Z0-9_.-]+)['`]""")  # in "" an attribute computes
COMPOSED = re.compile(r"`([a-z]+)\.([^`]*\$\{[^`]*)`")
ALONE = re.compile(r"""['"`]([a-zA-Z0-9_-]+)(?=['"`])|\b([a-zA-Z0-9_]+):""")
DRAFT = re.compile(r"useDraft(?:<\w+>)?\([^,]*,")  # is kept under a name, which is no key
TAG = re.compile(r"<([A-Z]\w+)")
IMPORT = re.compile(r"""from '(@?\.{0,2}/[^']+)'""")
HOLE = re.compile(r"\$\{[^}]*\}")

# Texts of names and signs alone, the same in both languages.
SAME = frozenset({"matches.of"})
# English with Chinese in it: what is to be typed in Chinese, whatever one reads.
ALLOWED_HAN = frozenset({"demands.region-hint"})


@cache
def pack(folder: Path) -> dict[str, str]:
    """Every text by its whole key."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        found |= dict(_flat(path.stem, json.loads(path.read_text(encoding="utf-8"))))
    return found


def _flat(name: str, node: object) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, below in node.items():
            yield from _flat(f"{name}.{key}", below)
    else:
        assert isinstance(node, str), name
        yield name, node


@cache
def sources() -> str:
    """All of the portal's code in one text; what is generated is not of it."""
    files = (path for kind in ("*.vue", "*.ts") for path in sorted(SOURCE.rglob(kind)))
    texts = (path.read_text(encoding="utf-8") for path in files if path.name != "schema.d.ts")
    return DRAFT.sub("", "\n".join(texts))


def areas() -> set[str]:
    return {key.partition(".")[0] for key in pack(CHINESE)}


def whole() -> set[str]:
    """Keys that stand in the source as they are."""
    found = {key for key in WHOLE.findall(sources()) if key.partition(".")[0] in areas()}
    return found - set(DEFINITIONS)  # ids of indicators, of which each has a key of another form


def composed() -> dict[str, set[str]]:
    """What templates put together, and the keys that it may come to."""
    said: dict[str, set[str]] = {}
    for area, rest in COMPOSED.findall(sources()):
        if area not in areas():
            continue
        pieces = HOLE.split(rest)
        inside = "([a-zA-Z0-9_-]+)" if not pieces[0] else "[a-zA-Z0-9_.-]+"
        form = re.compile(re.escape(area) + r"\." + inside.join(map(re.escape, pieces)))
        fits = {key for key in pack(CHINESE) if (fit := form.fullmatch(key)) and _is_said(fit)}
        said[f"{area}.{rest}"] = fits
    return said


def _is_said(fit: re.Match[str]) -> bool:
    """Whether what fills the holes stands somewhere in quotes, or as the name of a property.

    An indicator comes from the platform; its id has a dot in place of the first hyphen.
    """
    return all(
        part in said_alone() or part.replace("-", ".", 1) in DEFINITIONS for part in fit.groups()
    )


@cache
def said_alone() -> set[str]:
    """Words that stand in quotes, or name a property."""
    return {quoted or name for quoted, name in ALONE.findall(sources())}


def forms(text: str) -> int:
    """How many plural forms a text has."""
    return LITERAL.sub("", text).count("|") + 1


def names(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(LITERAL.sub("", text)))


def test_both_languages_have_the_same_files_and_keys() -> None:
    both = [{path.name for path in folder.glob("*.json")} for folder in (CHINESE, ENGLISH)]
    assert both[0] == both[1]
    assert set(pack(CHINESE)) == set(pack(ENGLISH))


def test_both_languages_are_filled_in_alike() -> None:
    for key, zh in pack(CHINESE).items():
        en = pack(ENGLISH)[key]
        assert zh.strip() and en.strip(), key
        assert names(zh) == names(en), key
        assert forms(zh) == 1 or forms(zh) == forms(en), key


def test_each_language_is_that_language() -> None:
    for key, en in pack(ENGLISH).items():
        assert not HAN.search(en) or key in ALLOWED_HAN, (key, en)
        assert (pack(CHINESE)[key] == en) == (key in SAME), (key, en)
    assert set(pack(ENGLISH)) >= SAME | ALLOWED_HAN


def of_the_entry() -> set[Path]:
    """The sources of the pages before anybody is signed in, with the parts that these show."""
    pages = ["SignIn", "ActivatePage", "SignInAgain"]  # the last one waits beside every page
    wanted = [SOURCE / "shell" / f"{page}.vue" for page in pages]
    found = set[Path]()
    while wanted:
        source = wanted.pop()
        if source in found or not source.is_file():
            continue
        found.add(source)
        text = source.read_text(encoding="utf-8")
        wanted += [SOURCE / "parts" / f"{name}.vue" for name in TAG.findall(text)]
        for place in IMPORT.findall(text):
            near = SOURCE / place[2:] if place.startswith("@/") else source.parent / place
            wanted += [near.resolve(), near.resolve().with_suffix(".ts")]
    return found


def test_the_entry_says_nothing_that_is_loaded_later() -> None:
    build = (SOURCE.parent / "vite.config.ts").read_text(encoding="utf-8")
    loaded = set(
        re.findall(r"'(\w+)\.json'", build.partition("const ENTRY =")[2].partition("]")[0])
    )
    assert loaded < areas()
    used = dict[str, set[str]]()
    for source in of_the_entry():
        text = source.read_text(encoding="utf-8")
        keys = {*WHOLE.findall(text), *(f"{area}." for area, _ in COMPOSED.findall(text))}
        used[source.name] = {key.partition(".")[0] for key in keys} & areas()
    assert used["SignIn.vue"] == {"shell"} and "ProblemNote.vue" in used
    assert {name: said for name, said in used.items() if said - loaded} == {}


def test_every_key_that_is_used_has_its_words() -> None:
    assert whole() <= set(pack(CHINESE))
    for said, fits in composed().items():
        assert fits, said


def test_no_words_are_left_over() -> None:
    used = whole().union(*composed().values())
    assert set(pack(CHINESE)) - used == set()


@pytest.mark.parametrize("group", sorted(words.DOCUMENT))
def test_the_platforms_own_words_are_no_copies(group: str) -> None:
    """In both languages, and not the same in both; what it counts in is held by its contract."""
    for code, said in _said(group, words.DOCUMENT[group]):
        assert said["zh"].strip() and said["en"].strip(), code
        assert said["zh"] != said["en"] and HAN.search(said["zh"]), code
        assert not HAN.search(said["en"]), code
        assert names(said["zh"]) == names(said["en"]), code


def _said(name: str, node: dict[str, object]) -> Iterator[tuple[str, dict[str, str]]]:
    if set(node) == {"zh", "en"}:
        yield name, {language: str(text) for language, text in node.items()}
        return
    for code, below in node.items():
        assert isinstance(below, dict)
        yield from _said(f"{name}.{code}", below)


def test_every_kind_of_thing_can_be_left_out_of_what_one_is_told() -> None:
    """Of the clock nobody in particular is told."""
    page = (SOURCE / "pages" / "told" / "WantedKinds.vue").read_text(encoding="utf-8")
    groups = page.partition("const GROUPS = {")[2].partition("}")[0]
    assert set(re.findall(r"'([a-z_]+)'", groups)) == set(words.DOCUMENT["kinds"]) - {"clock"}
