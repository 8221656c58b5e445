"""Features: bounded, rising with their evidence, and the same whenever they are asked."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.matching import facts
from services.matching.profile import known
from services.matching.scoring import FULL_PPM
from services.matching.sides import Requirement
from tests.unit.matching.market import Market
from tests.unit.matching.pairs import a_deal, a_demand, a_state

WANTED = a_demand(region="浙江省杭州市西湖区", requirements=None)
HOSTILE = [
    "", " ", "。，！？", "的了和", "x" * 100_000, "叶轮" * 50_000, "\n" * 1_000, "\ud800叶轮",
    '+-&|!(){}[]^"~*?:\\/ AND OR NOT text:*', "鈦合金葉輪 五軸加工",
    "🚢\u200b叶轮 impeller лопасть", "@330106 #3", "\x00叶轮",
]  # fmt: skip
LONGER = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def market(tmp_path):
    opened = Market(tmp_path / "index")
    yield opened
    opened.close()


deals = st.lists(
    st.builds(
        a_deal,
        title=st.sampled_from(["钛合金叶轮五轴加工", "航空泵轴精密磨削", "厂区绿化", "？"]),
        place=st.sampled_from([None, "浙江省杭州市西湖区", "湖北省宜昌市", "不详"]),
        date=st.sampled_from([None, "2020-01-01", "2026-02-28", "2027-01-01"]),
        amount_fen=st.sampled_from([None, 0, 1, 50_000_000, 10**15]),
        outcome=st.sampled_from(["won", "bid"]),
    ),
    max_size=6,
)


@LONGER
@given(deals, st.sampled_from([None, 1, 50_000_000]), st.sampled_from([None, "浙江", "西湖区"]))
def test_every_value_is_between_nothing_and_one(market, deals, budget, region):
    market.put(a_state(track_record=deals, sequence=1), a_state("other", 2, supplier_name="绿野"))
    for values in market.values(a_demand(budget_fen=budget, region=region)).values():
        assert all(0 <= value <= FULL_PPM for value in values.values())


@LONGER
@given(deals)
def test_a_deal_just_like_it_raises_what_deals_say_and_the_score(market, deals):
    """Beside others like it, so that no deal is the likest only because there is no other."""
    like = a_deal(
        title=WANTED.title, place=WANTED.region, date="2026-03-01", amount_fen=WANTED.budget_fen
    )
    market.put(
        a_state("before", 1, track_record=[like, *deals]),
        a_state("after", 2, track_record=[like, like, *deals]),
        a_state("best", 3, track_record=[like]),
    )
    values = market.values(WANTED)
    for feature in ("deals", "place", "size", "category_deals"):
        assert values["after"][feature] >= values["before"][feature], feature
    scores = {one.supply_id: one.score_ppm for one in market.rank(WANTED).ranked}
    assert scores["after"] >= scores["before"]


def test_each_feature_tells_the_fitting_supply_from_the_other(market):
    fitting = a_state(
        "fitting", 1,
        title="钛合金叶轮五轴加工",
        supplier_region="330106",
        qualifications=[{"name": "五轴加工能力认证", "grade": None, "expires_on": None}],
        track_record=[a_deal(title="钛合金叶轮加工", date="2026-03-01")],
    )  # fmt: skip
    other = a_state("other", 2, title="叶片", text="", qualifications=[], track_record=[
        a_deal(title="叶轮库房改造", place="湖北省宜昌市", date="2024-01-01", amount_fen=10)
    ])  # fmt: skip
    market.put(fitting, other)
    values = market.values(WANTED)
    for feature in ("text", "name", "qualification", "deals", "place", "home", "size"):
        assert values["fitting"][feature] > values["other"][feature], feature


def test_capabilities_count_whatever_words_name_them(market):
    """Property management asked for in Chinese, offered, held and done in English."""
    wanted = a_demand(
        title="物业管理服务", text="", category=None, region="杭州", requirements=None
    )
    english = {"title": "property management", "supplier_region": "330100"}
    market.put(
        a_state("does", 1, **english, track_record=[a_deal(title="property management")]),
        a_state("holds", 2, supplier_region="330100", title="parts", qualifications=[
            {"name": "property management", "grade": None, "expires_on": None}
        ]),
        a_state("neither", 3, supplier_region="330100", title="parts"),
    )  # fmt: skip
    values = market.values(wanted)
    category = {id: value["category"] for id, value in values.items()}
    assert category["does"] == category["holds"] > category["neither"]
    assert values["holds"]["qualified"] > values["does"]["qualified"] == 0
    assert values["does"]["category_deals"] > values["holds"]["category_deals"]


def test_a_newcomer_is_told_from_one_with_deals(market):
    market.put(a_state("new", 1, track_record=[]), a_state("old", 2))
    values = market.values(WANTED)
    assert (values["new"]["newcomer"], values["old"]["newcomer"]) == (FULL_PPM, 0)


def test_a_required_qualification_counts_whole_when_held_and_half_when_in_doubt(market):
    wanted = a_demand(requirements=(Requirement("AS9100航空质量管理体系认证", "甲级"),))
    held = {"name": "AS9100航空质量管理体系认证", "grade": "甲级", "expires_on": None}
    market.put(
        a_state("held", 1, qualifications=[held]),
        a_state("doubtful", 2, qualifications=[held | {"grade": None}]),
        a_state("silent", 3, qualifications=None),
    )
    required = {id: values["required"] for id, values in market.values(wanted).items()}
    assert required == {"held": FULL_PPM, "doubtful": FULL_PPM // 2, "silent": FULL_PPM // 2}


def test_the_ranking_is_the_same_after_a_restart_and_after_a_rebuild(market, tmp_path):
    states = [a_state(f"s{n}", n + 1, track_record=[a_deal()] * (n % 3)) for n in range(20)]
    market.put(*[state | {"text": "叶轮库存"} for state in states])
    market.put(*[state | {"sequence": 2} for state in states], a_state("gone", 21))
    market.put(a_state("gone", 21, state="archived", sequence=2))
    before = seen(market.rank(WANTED))
    market.restart()
    assert seen(market.rank(WANTED)) == before
    another = Market(tmp_path / "another")
    another.put(*states[::-1])
    assert seen(another.rank(WANTED)) == before
    another.close()


@pytest.mark.parametrize("text", HOSTILE)
def test_garbage_breaks_nothing_and_hides_nobody(market, text):
    market.put(a_state("plain", 1), a_state("odd", 2, text=text, track_record=[a_deal(title=text)]))
    market.put(a_state("named", 3, supplier_name=text, title=text, categories=[text]))
    for wanted in (
        a_demand(title=text, text=text, region=text, category=text, requirements=None),
        a_demand(title="叶轮", text=text, region=None, requirements=None),
    ):
        found = market.rank(wanted)
    assert {"plain", "odd"} <= {one.supply_id for one in found.ranked}


def test_a_supply_that_went_while_the_index_was_asked_is_no_candidate(market):
    market.put(a_state("stays", 1), a_state("goes", 2))
    wanted, columns = WANTED, market.columns
    gone = a_state("goes", 2, state="archived", sequence=2)
    market.put(gone)
    market.index.follow([known(a_state("goes", 2))], market.index.mark)  # it lags behind
    assert columns is market.columns
    assert [one.supply_id for one in market.rank(wanted).ranked] == ["stays"]


def test_a_supply_with_fewer_deals_than_the_index_knew_of_is_ranked(market):
    market.put(a_state(track_record=[a_deal(title=WANTED.title)] * 5))
    fewer = a_state(track_record=[a_deal(title=WANTED.title)], sequence=2)
    market.columns.put(*facts.stated(fewer), known(fewer).profile)  # the index lags behind
    (values,) = market.values(WANTED).values()
    assert 0 < values["deals"] < FULL_PPM


def test_a_newcomer_whose_own_words_are_asked_for_is_found_among_many_with_deals(market):
    deals = [a_deal(title="航空零件加工"), a_deal(title="叶轮检测")]
    crowd = [
        a_state(f"s{n}", n + 2, title=f"精密加工{n}", text="叶轮与泵轴", track_record=deals)
        for n in range(400)
    ]
    said = "回转窑托轮现场在线车削，磁悬浮刀架，振动不大于二十微米"
    market.put(*crowd, a_state("new", 1, title="托轮在线车削", text=said, track_record=[]))
    wanted = a_demand(
        title="托轮在线车削", text=said, region=None, category=None, requirements=None
    )
    assert "new" in [one.supply_id for one in market.rank(wanted).ranked][:20]


def seen(found):
    return [(one.supply_id, one.score_ppm, one.values_ppm.tolist()) for one in found.ranked]
