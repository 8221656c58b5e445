"""The features of a score, of many supplies at once: bounded, and rising with their evidence.

Each is a column of whole millionths. What counts without end is bounded by x ÷ (x + half).
"""

from collections.abc import Mapping
from functools import cache, cached_property

import numpy as np

from services.contracts import capabilities
from services.matching import localities, overlap
from services.matching.columns import Columns
from services.matching.columnwise import Flags, Many
from services.matching.deals import Deals
from services.matching.evidence import Evidence
from services.matching.overlap import Floats
from services.matching.profile import capability_number
from services.matching.ragged import Ints
from services.matching.scoring import FEATURES, FULL_PPM

_WORTH = np.array([0, FULL_PPM // 2, FULL_PPM])  # of a required qualification, by verdict
_NEUTRAL_PPM = FULL_PPM // 2


class Features:
    """Of the supplies in `many`, by what the index says of the demand."""

    def __init__(self, many: Many, evidence: Evidence, shape: Mapping[str, int]) -> None:
        self.many, self.evidence, self.shape = many, evidence, shape
        self.columns: Columns = many.columns
        numbers, counts = self.columns.profiles["all_words"].joined(many.slots)
        words = overlap.rarity(evidence.words, len(self.columns))
        self._shared = overlap.shared(numbers, counts, words)
        done = self._shared.within(self._said, counts)
        self._deals = Deals(many, done, counts - self._said, shape)

    def matrix(self) -> Ints:
        """A row for each supply, a column for each of FEATURES, between 0 and FULL_PPM."""
        columns = [getattr(self, name) for name in FEATURES]
        return np.array(columns, np.int64).reshape(len(FEATURES), len(self.many.slots)).T

    @cached_property
    def text(self) -> Ints:
        """All that it says, against all that is wanted."""
        return self._bounded(self._bm25("said", self._none, self._said), "text")

    @cached_property
    def name(self) -> Ints:
        """The words that it is called by."""
        return self._bounded(self._bm25("named", self._none, self._named), "name")

    @cached_property
    def qualification(self) -> Ints:
        """The words of its qualifications."""
        return self._bounded(self._bm25("held", self._named, self._held), "qualification")

    @cached_property
    def deals(self) -> Ints:
        return self._bounded(self._deals.similar(), "deals")

    @cached_property
    def category(self) -> Ints:
        """The capability asked for among those that its name or its qualifications speak of."""
        best = np.zeros(self._count, np.int64)
        for codes, owners in (self._listed("capable"), self._qualified):
            np.maximum.at(best, owners, self._wanted_ppm[codes])
        return best

    @cached_property
    def qualified(self) -> Ints:
        """The very capability asked for first among those of its qualifications."""
        codes, owners = self._qualified
        return self._flag(np.bincount(owners[codes == self._top], minlength=self._count) > 0)

    @cached_property
    def category_deals(self) -> Ints:
        return self._bounded(self._deals.of_capability(_closeness()[self._top]), "category_deals")

    @cached_property
    def place(self) -> Ints:
        return self._ppm(self._deals.share_at_place())

    @cached_property
    def home(self) -> Ints:
        """Whether it is, or says that it serves, where it is wanted."""
        codes, owners = self._listed("home")
        near = localities.lie_in(codes, self.many.wanted.localities)
        return self._flag(np.bincount(owners[near], minlength=self._count) > 0)

    @cached_property
    def size(self) -> Ints:
        return self._ppm(self._deals.share_of_size())

    @cached_property
    def required(self) -> Ints:
        """The share of the required qualifications that are held; a doubtful one counts half."""
        required = self.many.wanted.requirements
        if not required:
            return np.full(self._count, _NEUTRAL_PPM, np.int64)
        worth: Ints = _WORTH[self.many.met].sum(axis=0)
        return worth // len(required)

    @cached_property
    def newcomer(self) -> Ints:
        """No deal is known of it: that nothing else speaks for it is no proof against it."""
        return self._flag(self.columns.profiles["deals"].counts(self.many.slots) == 0)

    @property
    def _count(self) -> int:
        return len(self.many.slots)

    @cached_property
    def _qualified(self) -> tuple[Ints, Ints]:
        return self._listed("qualified")

    def _listed(self, name: str) -> tuple[Ints, Ints]:
        return self.columns.profiles[name].of(self.many.slots)

    @cached_property
    def _none(self) -> Ints:
        return np.zeros(self._count, np.int64)

    @cached_property
    def _said(self) -> Ints:
        return self.many.whole("said")

    @cached_property
    def _named(self) -> Ints:
        return self.many.whole("named")

    @cached_property
    def _held(self) -> Ints:
        return self.many.whole("held")

    def _bm25(self, name: str, begins: Ints, counts: Ints) -> Floats:
        """By so many words of each of them, from there on."""
        texts, _, worth = self._shared.within(begins, begins + counts)
        return overlap.bm25(texts, worth, counts, self.shape[f"{name}_words"])

    @cached_property
    def _top(self) -> int:
        """The capability that is asked for first; the one behind the last for none."""
        code = self.many.wanted.capability
        return capability_number(code) if code else _none()

    @cached_property
    def _wanted_ppm(self) -> Ints:
        """By capability, how near it is to one that is asked for."""
        asked = self.many.wanted.capabilities
        near = [
            _closeness()[capability_number(code)] * ppm // FULL_PPM for code, ppm in asked.items()
        ]
        return np.max(near, axis=0, initial=0) if near else np.zeros(_none() + 1, np.int64)

    def _bounded(self, value: Floats, name: str) -> Ints:
        return self._ppm(value / (value + self.shape[f"{name}_half_milli"] / 1000))

    @staticmethod
    def _flag(holds: Flags) -> Ints:
        return np.where(holds, FULL_PPM, 0)

    @staticmethod
    def _ppm(value: Floats) -> Ints:
        found: Ints = np.floor(value * FULL_PPM).astype(np.int64)
        return found


def _none() -> int:
    return len(capabilities.CAPABILITIES)


@cache
def _closeness() -> Ints:
    """Between every two capabilities, and none at all, which is near to nothing, behind them."""
    codes = [node.code for node in capabilities.CAPABILITIES]
    near = np.zeros((len(codes) + 1, len(codes) + 1), np.int64)
    near[:-1, :-1] = [[capabilities.closeness_ppm(a, b) for b in codes] for a in codes]
    return near
