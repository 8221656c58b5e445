"""The columns give back what was put, and say of many what constraints say of one."""

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts.kinds import FACETS, LEAST, MOST, Span
from services.matching import ragged
from services.matching.codes import UNKNOWN
from services.matching.columns import Columns
from services.matching.columnwise import CODE, Many
from services.matching.constraints import CONSTRAINTS, Pair
from services.matching.frequencies import COUNTS
from services.matching.kinds import ANSWERED_BY
from services.matching.profile import Deal, Profile
from services.matching.sides import Holding, Offered, Requirement, Wanted
from tests.unit.matching.pairs import BUYER, TODAY, a_gardener, a_shop

REGIONS = ["浙江", "浙江省杭州市", "330106", "330000", "福建", "全国", "不详", "宜昌市夷陵区"]
NAMES = [
    "ISO9001质量管理体系认证",
    "ISO 9001 证书",
    "施工总承包",
    "建筑工程施工总承包",
    "CMMI软件能力成熟度",
]
GRADES = [None, "特级", "壹级", "2级", "三级", "甲级", "钻石"]
DAYS = [None, date(2026, 3, 1), TODAY, date(2026, 4, 1), date(2100, 12, 31)]
KINDS = ["product", "service", "fund", "lab_service", "patent"]

holdings = st.builds(
    Holding, st.sampled_from(NAMES), st.sampled_from(GRADES), st.sampled_from(DAYS)
)
alternatives = st.builds(Requirement, st.sampled_from(NAMES), st.sampled_from(GRADES))


def few(values, most=4):
    return st.lists(values, max_size=most).map(tuple)


requirements = st.builds(
    Requirement,
    st.sampled_from(NAMES),
    st.sampled_from(GRADES),
    st.lists(alternatives, max_size=2).map(tuple),
)
# Of one kind, hard and soft ones, so that they meet.
ends = st.sampled_from([LEAST, 1, 2, 3, 10**15, MOST])
spans = st.builds(
    lambda number, one, other: Span(number, min(one, other), max(one, other)),
    st.sampled_from([one.number for one in FACETS if one.kind == "space"]),
    ends,
    ends,
)


supplies = st.builds(
    Offered,
    id=st.uuids().map(str),
    number=st.just(0),
    supplier_id=st.sampled_from([BUYER, "shop", "gardener"]),
    kind=st.sampled_from(KINDS),
    regions=st.none() | few(st.sampled_from(REGIONS)),
    qualifications=st.none() | few(holdings),
    price_min_fen=st.sampled_from([None, 0, 1, 40_000_000, 10**15]),
    capacity_free=st.sampled_from([None, 0, 1, 10**9]),
    lead_time_days=st.sampled_from([None, 0, 30, 3650]),
    facets=few(spans),
)
words = few(st.integers(0, 2**32 - 1))
codes = few(st.integers(0, 99))
places = few(st.sampled_from([330106, 330100, 110000]))
deals = st.builds(
    Deal,
    day=st.integers(-1, 800_000),
    place=st.sampled_from([UNKNOWN, 330106, 420583]),
    capability=st.integers(-1, 99),
    amount=st.integers(-1, 40_000),
    words=st.integers(0, 60),
)
profiles = st.builds(
    Profile, named=words, held=words, told=words, capable=codes, qualified=codes, home=places,
    deals=few(deals, 50), done=words,
)  # fmt: skip


@st.composite
def many(draw, most=8):
    """Supplies with their profiles; each has its own number."""
    drawn = draw(st.lists(supplies, max_size=most, unique_by=lambda one: one.id))
    numbered = [replace(one, number=number) for number, one in enumerate(drawn, start=1)]
    return [(one, draw(profiles)) for one in numbered]


demands = st.builds(
    Wanted,
    kind=st.sampled_from(sorted(ANSWERED_BY)),
    buyer_id=st.sampled_from([BUYER, "nobody"]),
    title=st.just("叶轮"),
    category=st.sampled_from([None, "数控加工", "园林绿化养护", "5-axis milling"]),
    region=st.sampled_from([None, "乱写", "浙江省杭州市西湖区", *REGIONS]),
    budget_fen=st.sampled_from([None, 1, 39_999_999, 40_000_000]),
    quotes_until=st.sampled_from([None, date(2026, 2, 1), date(2026, 3, 16)]),
    delivery_due_date=st.sampled_from([None, TODAY, date(2026, 4, 15), date(2030, 1, 1)]),
    requirements=st.none() | few(requirements, 3),
    facets=few(spans),
)


@given(demands, many())
def test_of_many_they_say_what_is_said_of_each(wanted, candidates):
    columns = filled(*[offered for offered, _ in candidates])
    slots = np.arange(len(candidates))
    pairs = [Pair(wanted, offered, TODAY) for offered, _ in candidates]
    for name, verdicts in Many(wanted, columns, slots, TODAY).verdicts().items():
        (holds,) = [one.holds for one in CONSTRAINTS if one.name == name]
        assert verdicts.tolist() == [CODE[holds(pair)] for pair in pairs], name


@given(demands, many())
def test_of_many_they_count_what_is_preferred_of_each(wanted, candidates):
    columns = filled(*[offered for offered, _ in candidates])
    met = [Pair(wanted, offered, TODAY).facets_met for offered, _ in candidates]
    soft = [number for number in met[0] if not FACETS[number].is_hard] if met else []
    counts = [sum(one[number] is True for number in soft) for one in met]
    assert Many(wanted, columns, np.arange(len(met)), TODAY).preferred().tolist() == counts


@given(many())
def test_what_was_put_is_there_as_it_was(given):
    columns = Columns()
    for offered, profile in given:
        columns.put(offered, 1, profile)
    assert [columns.offered(one.id) for one, _ in given] == [one for one, _ in given]
    assert [columns.profile(one.id) for one, _ in given] == [profile for _, profile in given]
    assert len(columns) == len(given)


@given(many(), st.integers(0, 30))
def test_a_supply_is_found_by_its_number_while_it_is_on_offer(given, unknown):
    columns = filled(*[offered for offered, _ in given])
    numbers = np.array([one.number for one, _ in given], np.int64)
    assert columns.at(numbers).tolist() == [columns.find(one.id) for one, _ in given]
    for offered, _ in given:
        columns.put(replace(offered, is_active=False), 2, Profile())
    assert columns.at(np.append(numbers, unknown)).tolist() == [UNKNOWN] * (len(given) + 1)


@settings(deadline=None, max_examples=25)  # each looks at four million counts
@given(many(), many())
def test_words_are_counted_of_what_is_on_offer_and_of_nothing_else(gone, stays):
    """Whatever came, changed and went before: the same counts as if it had never been."""
    columns = Columns()
    for offered, profile in gone:
        columns.put(offered, 1, profile)
        columns.put(offered, 2, Profile(told=(7,)))
        columns.put(replace(offered, is_active=False), 3, Profile())
    for other, (offered, profile) in enumerate(stays, start=len(gone) + 1):
        columns.put(replace(offered, id=f"other {other}", number=other), 1, profile)
    own = [{word % COUNTS for word in (*one.said, *one.done)} for _, one in stays]
    everything = np.arange(COUNTS, dtype=np.uint32)
    counted = columns.frequencies.of(everything)
    assert counted.sum() == sum(map(len, own))
    assert all(counted[word] == sum(word in each for each in own) for word in set().union(*own))


def test_all_that_can_exclude_is_looked_at():
    columns = filled(a_shop())
    at = Many(Wanted("order", BUYER, "叶轮"), columns, np.array([0]), TODAY)
    never_excludes, out_of_the_columns = "verified", "active"
    constraints = {one.name for one in CONSTRAINTS} - {never_excludes, out_of_the_columns}
    assert set(at.failing()) == constraints


def test_a_later_fact_replaces_an_earlier_one_and_not_the_other_way_round():
    columns = Columns()
    columns.put(a_shop(capacity_free=2, verified_until=None), 2, Profile(home=(330100,)))
    columns.put(a_shop(capacity_free=3), 1, Profile())
    assert columns.offered("supply-shop").capacity_free == 2
    assert columns.profile("supply-shop").home == (330100,)
    columns.put(a_shop(capacity_free=0, regions=None), 3, Profile())
    now = columns.offered("supply-shop")
    assert (now.capacity_free, now.regions) == (0, None)
    assert columns.profile("supply-shop") == Profile()


def test_what_is_no_longer_on_offer_leaves_its_place_to_another():
    columns = filled(a_shop())
    columns.put(a_shop(is_active=False), 2, Profile())
    columns.put(a_gardener(is_active=False), 2, Profile())  # never was
    assert len(columns) == 0
    assert columns.find("supply-shop") == UNKNOWN
    columns.put(a_gardener(qualifications=(), verified_until=None), 3, Profile())
    assert columns.offered("supply-garden").qualifications == ()
    assert (len(columns), columns.find("supply-garden")) == (1, 0)
    assert columns.at(np.array([1, 2, 999])).tolist() == [UNKNOWN, 0, UNKNOWN]


def test_changes_without_end_take_no_memory_without_end(monkeypatch):
    monkeypatch.setattr(ragged, "FIRST", 8)
    columns = filled(*[shop(n) for n in range(20)])
    for sequence in range(2, 300):
        columns.put(shop(sequence % 20, f"资质{sequence % 3}"), sequence, Profile())
    assert len(columns.holdings._values) < 8 * 20
    assert [columns.offered(shop(n).id).id for n in range(20)] == [shop(n).id for n in range(20)]
    assert columns.offered("supply 5").qualifications == (Holding("资质0"),)  # by its fact 285


def filled(*offered):
    """Columns with these, each by its first fact."""
    columns = Columns()
    for one in offered:
        columns.put(one, 1, Profile())
    return columns


def shop(n, held="ISO9001"):
    return replace(a_shop(id=f"supply {n}", number=n), qualifications=(Holding(held),))
