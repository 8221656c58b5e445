"""What a value is for, told by the words around it."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from services.matching.reading import vocabulary

# A cue further away belongs to something else; it bounds the cost of one value, too.
LOOK_BACK = 60
LOOK_AHEAD = 14
CARRIED = 5  # characters between such words: 获取(采购文件的)截止时间
# The longest remark in brackets that is skipped: 预算(含设备、安装及三年运维等全部费用)为.
_REMARK = re.compile(r"\([^()]{0,40}\)")
_SENTENCE_END = re.compile(r"[。;!?\n]|\.\s")
_CLAUSE_END = re.compile(r"[,、。;!?\n]|\.\s")


class Cue(NamedTuple):
    """How sure a word makes that a value has the role, and what lies between it and the value."""

    confidence_ppm: int
    word: str
    between: str


class Context(NamedTuple):
    """The words around a value: of its sentence before, of its clause before, of its clause after.

    Remarks in brackets are left out, for they qualify and do not name: 总价(含安全生产费)合计.
    """

    sentence: str
    clause: str
    after: str


def context(text: str, start: int, end: int) -> Context:
    """Around text[start:end]."""
    before = _last(_SENTENCE_END, text[max(0, start - LOOK_BACK) : start])
    sentence = _REMARK.sub("", before)
    after = _REMARK.sub("", text[end : end + 2 * LOOK_AHEAD])[:LOOK_AHEAD]
    return Context(sentence, _last(_CLAUSE_END, sentence), _CLAUSE_END.split(after, 1)[0].strip())


def _last(border: re.Pattern[str], text: str) -> str:
    """The part of the text behind its last border."""
    begin = 0
    for found in border.finditer(text):
        begin = found.end()
    return text[begin:]


@dataclass(frozen=True)
class Role:
    """The cues of one role, as `vocabulary.yaml` describes them."""

    name: str

    @cached_property
    def _entry(self) -> dict[str, dict[str, int]]:
        listed: dict[str, dict[str, int]] = vocabulary.entry(self.name)
        return listed

    @cached_property
    def _before(self) -> dict[str, int]:
        return vocabulary.confidences(self._entry["before"])

    @cached_property
    def _behind(self) -> dict[str, int]:
        return vocabulary.confidences(self._entry["behind"])

    @cached_property
    def _cues(self) -> re.Pattern[str]:
        """The first alternative that fits is taken: what is carried along before the bare word."""
        nearer = vocabulary.any_of(self._entry["nearer"]).pattern
        carried = vocabulary.any_of(self._entry.get("carried", ())).pattern
        words = vocabulary.any_of([*self._before, *self._entry["nearer"]]).pattern
        return re.compile(f"(?:{nearer})[^,。;:\\n]{{0,{CARRIED}}}?(?:{carried})|{words}")

    @cached_property
    def _cues_behind(self) -> re.Pattern[str]:
        return vocabulary.any_of(self._behind)

    @cached_property
    def _never(self) -> re.Pattern[str]:
        return vocabulary.any_of(self._entry["never"])

    @cached_property
    def _after(self) -> re.Pattern[str]:
        return vocabulary.any_of(self._entry["after"])

    def cue(self, around: Context) -> Cue | None:
        """The surest word that gives a value in this context the role; None: it has another."""
        if self._never.search(around.clause) or self._after.match(around.after):
            return None
        before, behind = self._in_front(around.sentence), self._right_behind(around.after)
        return max(filter(None, (before, behind)), default=None)

    def _in_front(self, sentence: str) -> Cue | None:
        nearest = None
        for nearest in self._cues.finditer(sentence):  # noqa: B007  the last one is meant
            pass
        if nearest is None or nearest[0] not in self._before:
            return None
        return Cue(self._before[nearest[0]], nearest[0], sentence[nearest.end() :])

    def _right_behind(self, after: str) -> Cue | None:
        found = self._cues_behind.match(after)
        return Cue(self._behind[found[0]], found[0], "") if found else None


@cache
def role(name: str) -> Role:
    """The role of that name in the vocabulary."""
    return Role(name)
