"""The columns give back what was put, and say of many what constraints and scores say of one."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.matching import ragged, scoring
from services.matching.columns import Columns
from services.matching.columnwise import CODE, Many
from services.matching.constraints import CONSTRAINTS, Pair
from services.matching.kinds import ANSWERED_BY
from services.matching.scoring import Relevance
from services.matching.sides import Holding, Offered, Requirement, Wanted
from tests.unit.matching.pairs import BUYER, TODAY, a_gardener, a_shop

WEIGHTS = scoring.current_weights()
REGIONS = ["浙江", "浙江省杭州市", "330106", "330000", "福建", "全国", "不详", "宜昌市夷陵区"]
NAMES = [
    "ISO9001质量管理体系认证",
    "ISO 9001 证书",
    "施工总承包",
    "建筑工程施工总承包",
    "CMMI软件能力成熟度",
]
GRADES = [None, "特级", "壹级", "2级", "三级", "甲级", "钻石"]
CATEGORIES = ["数控加工", "机械零部件", "园林绿化", "5-Axis Milling"]
DAYS = [None, date(2026, 3, 1), TODAY, date(2026, 4, 1), date(2100, 12, 31)]
KINDS = ["product", "service", "fund", "lab_service", "patent"]

holdings = st.builds(
    Holding, st.sampled_from(NAMES), st.sampled_from(GRADES), st.sampled_from(DAYS)
)
requirements = st.builds(Requirement, st.sampled_from(NAMES), st.sampled_from(GRADES))


def few(values, most=4):
    return st.lists(values, max_size=most).map(tuple)


supplies = st.builds(
    Offered,
    id=st.uuids().map(str),
    supplier_id=st.sampled_from([BUYER, "shop", "gardener"]),
    kind=st.sampled_from(KINDS),
    regions=st.none() | few(st.sampled_from(REGIONS)),
    qualifications=st.none() | few(holdings),
    categories=few(st.sampled_from(CATEGORIES)),
    price_min_fen=st.sampled_from([None, 0, 1, 40_000_000, 10**15]),
    capacity_free=st.sampled_from([None, 0, 1, 10**9]),
    lead_time_days=st.sampled_from([None, 0, 30, 3650]),
    record_count=st.integers(0, 200),
    won_count=st.integers(0, 200),
    places=st.frozensets(st.sampled_from(["浙江", "杭州", "西湖", "北京"])),
)
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
)
relevances = st.builds(Relevance, st.integers(0, 10**7), st.integers(0, 10**7))


@given(
    demands, st.lists(st.tuples(supplies, relevances), max_size=8, unique_by=lambda one: one[0].id)
)
def test_of_many_they_say_what_is_said_of_each(wanted, candidates):
    columns = filled(*[offered for offered, _ in candidates])
    _, slots = columns.found([offered.id for offered, _ in candidates])
    many = Many(wanted, columns, slots, TODAY)
    pairs = [(Pair(wanted, offered, TODAY), relevance) for offered, relevance in candidates]
    for name, verdicts in many.verdicts().items():
        (holds,) = [one.holds for one in CONSTRAINTS if one.name == name]
        assert verdicts.tolist() == [CODE[holds(pair)] for pair, _ in pairs], name
    values = many.feature_values([relevance for _, relevance in candidates], WEIGHTS)
    for name, column in values.items():
        each = [scoring.feature_values(pair, one, WEIGHTS)[name] for pair, one in pairs]
        assert column.tolist() == each, name
    scores = many.scores([relevance for _, relevance in candidates], WEIGHTS)
    assert scores.tolist() == [scoring.score(pair, one, WEIGHTS).score_ppm for pair, one in pairs]


@given(st.lists(supplies, max_size=8, unique_by=lambda one: one.id))
def test_what_was_put_is_there_as_it_was(offered):
    columns = filled(*offered)
    assert [columns.offered(one.id) for one in offered] == offered
    assert len(columns) == len(offered)


def test_all_that_can_exclude_or_counts_is_looked_at():
    columns = filled(a_shop())
    many = Many(Wanted("order", BUYER, "叶轮"), columns, columns.found(["supply-shop"])[1], TODAY)
    never_excludes, out_of_the_columns = "verified", "active"
    constraints = {one.name for one in CONSTRAINTS} - {never_excludes, out_of_the_columns}
    assert set(many.failing()) == constraints
    assert set(many.feature_values([Relevance()], WEIGHTS)) == set(scoring.FEATURES)


def test_a_later_fact_replaces_an_earlier_one_and_not_the_other_way_round():
    columns = Columns()
    columns.put(a_shop(capacity_free=2, verified_until=None), 2)
    columns.put(a_shop(capacity_free=3), 1)
    assert columns.offered("supply-shop").capacity_free == 2
    columns.put(a_shop(capacity_free=0, regions=None, places=frozenset()), 3)
    now = columns.offered("supply-shop")
    assert (now.capacity_free, now.regions, now.places) == (0, None, frozenset())


def test_what_is_no_longer_on_offer_leaves_its_place_to_another():
    columns = filled(a_shop())
    columns.put(a_shop(is_active=False), 2)
    columns.put(a_gardener(is_active=False), 2)  # never was
    assert columns.found(["supply-shop", "supply-garden"])[0] == []
    columns.put(a_gardener(qualifications=(), verified_until=None), 3)
    assert columns.offered("supply-garden").qualifications == ()
    assert columns.slots == {"supply-garden": 0}


def test_changes_without_end_take_no_memory_without_end(monkeypatch):
    monkeypatch.setattr(ragged, "FIRST", 8)
    columns = filled(*[shop(n) for n in range(20)])
    for sequence in range(2, 300):
        columns.put(shop(sequence % 20, f"资质{sequence % 3}"), sequence)
    assert len(columns.holdings._values) < 8 * 20
    assert [columns.offered(shop(n).id).id for n in range(20)] == [shop(n).id for n in range(20)]
    assert columns.offered("supply 5").qualifications == (Holding("资质0"),)  # by its fact 285


def filled(*offered):
    """Columns with these, each by its first fact."""
    columns = Columns()
    for one in offered:
        columns.put(one, 1)
    return columns


def shop(n, held="ISO9001"):
    return replace(a_shop(id=f"supply {n}"), qualifications=(Holding(held),))
