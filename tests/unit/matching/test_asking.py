"""What matching asks of an index, of the embedded one and of an external engine alike."""

import pytest

from services.matching.asking import Asked, Filters, Mark
from services.matching.documents import facets
from services.matching.external import ExternalIndex, open_external
from services.matching.index import SupplyIndex
from services.matching.profile import capability_number, known
from tests.unit.matching.opensearch import OpenSearch
from tests.unit.matching.pairs import a_deal
from tests.unit.matching.pairs import a_state as stated

ORDER = Filters("order", "buyer")


def a_state(id="s1", **changes):
    return known(stated(id, int(id[1:]), **changes))


@pytest.fixture
def engine():
    """An external engine."""
    runs = OpenSearch()
    yield runs
    runs.close()


@pytest.fixture(params=["embedded", "external"])
def index(request, tmp_path):
    if request.param == "embedded":
        opened = SupplyIndex(tmp_path / "index")
    else:
        opened = ExternalIndex(request.getfixturevalue("engine").url, "supplies")
    yield opened
    opened.close()


def found(index, *terms, places=(), field="text", filters=ORDER):
    """Each once."""
    numbers = index.search(field, Asked(terms, places), filters, 10).tolist()
    return [f"s{number}" for number in dict.fromkeys(numbers)]


def test_a_supply_is_found_by_what_it_says_and_by_what_it_did(index):
    index.follow([a_state()], Mark(1, None))
    assert found(index, "五轴") == found(index, "叶轮") == found(index, "as9100") == ["s1"]
    assert found(index, "启航") == found(index, "磨削") == ["s1"]
    assert found(index, "磨削", field="deal") == ["s1"]
    assert found(index, "五轴", field="deal") == found(index) == []


def test_a_supply_is_found_by_each_of_its_deals(index):
    deals = [a_deal(title="船用泵阀", date="2024-05-01"), a_deal(), a_deal(date=None)]
    index.follow([a_state(track_record=deals)], Mark(1, None))
    assert found(index, "磨削", field="deal") == ["s1"]
    assert found(index, "泵阀", field="deal") == found(index, "泵阀") == ["s1"]
    index.follow([a_state(track_record=deals[:1])], Mark(2, None))
    assert found(index, "磨削", field="deal") == []
    index.follow([a_state(state="archived", track_record=deals)], Mark(3, None))
    assert found(index, "泵阀", field="deal") == []


def test_it_is_found_by_where_it_is_and_a_deal_by_where_it_was(index):
    index.follow([a_state(supplier_region="330100")], Mark(1, None))
    at_west_lake, in_hangzhou, in_nanjing = "@330106", "@330100", "@320100"
    assert found(index, in_hangzhou) == ["s1"]
    assert found(index, at_west_lake) == []
    assert found(index, at_west_lake, field="deal") == ["s1"]
    assert found(index, in_nanjing, field="deal") == []


def test_a_place_puts_forward_whom_words_have_found_and_finds_nobody(index):
    states = [a_state(), a_state("s2", supplier_region="330100")]
    index.follow(
        [*states, a_state("s3", title="草坪养护", supplier_region="330100")], Mark(1, None)
    )
    assert found(index, "叶轮") == ["s1", "s2"]
    assert found(index, "叶轮", places=["@330100"]) == ["s2", "s1"]
    assert found(index, places=["@330100"]) == []


def test_it_is_found_by_the_capability_that_its_words_mean(index):
    property_management = facets([capability_number("ops.property")], [])
    index.follow([a_state(), a_state("s2", categories=["property management"])], Mark(1, None))
    assert found(index, *property_management) == ["s2"]


def test_it_keeps_what_the_columns_need(index):
    states = [a_state(), a_state("s2", qualifications=None, track_record=[])]
    index.follow([*states, a_state("s3"), a_state("s3", state="archived")], Mark(1, None))
    kept = list(index.kept())
    assert [known.state["id"] for known in kept] == ["s1", "s2"]
    assert [known.profile for known in kept] == [known.profile for known in states]


def test_the_newest_state_replaces_the_older_one(index):
    index.follow([a_state(text="三轴铣削"), a_state(text="车铣复合")], Mark(1, None))
    assert found(index, "三轴") == []
    assert found(index, "复合") == ["s1"]
    index.follow([a_state(text="慢走丝")], Mark(2, None))
    assert (found(index, "复合"), found(index, "叶轮")) == ([], ["s1"])


def test_what_is_no_longer_active_is_gone(index):
    index.follow([a_state(), a_state("s2")], Mark(1, None))
    index.follow([a_state(state="archived")], Mark(2, None))
    assert found(index, "五轴") == ["s2"]


@pytest.mark.parametrize(
    ("supply", "filters", "is_found"),
    [
        ({"kind": "service"}, ORDER, True),
        ({"kind": "fund"}, ORDER, False),
        ({"supplier_id": "buyer"}, ORDER, False),
        ({"price_min_fen": 100}, Filters("order", "buyer", budget_fen=100), True),
        ({"price_min_fen": 101}, Filters("order", "buyer", budget_fen=100), False),
        ({"price_min_fen": None}, Filters("order", "buyer", budget_fen=100), True),
        ({"price_min_fen": 101}, Filters("order", "buyer", budget_fen=None), True),
        ({"regions": ["330100"]}, Filters("order", "buyer", region="浙江"), True),
        ({"regions": ["福建"]}, Filters("order", "buyer", region="浙江"), False),
        ({"regions": ["宜昌市"]}, Filters("order", "buyer", region="浙江"), True),  # unknown
        ({"regions": []}, Filters("order", "buyer", region="浙江"), True),
        ({"regions": ["福建"]}, Filters("order", "buyer", region="不详"), True),
    ],
)
def test_filters_leave_out_only_what_certainly_fails(index, supply, filters, is_found):
    index.follow([a_state(**supply)], Mark(1, None))
    assert found(index, "五轴", filters=filters) == (["s1"] if is_found else [])


def test_the_better_text_comes_first(index):
    fitting = a_state(title="钛合金叶轮五轴加工", text="叶轮 叶轮 五轴")
    other = [a_state(f"s{n + 2}", title="草坪养护", text="五轴") for n in range(20)]
    index.follow([*other, fitting], Mark(1, None))
    assert found(index, "叶轮", "五轴")[0] == "s1"


@pytest.mark.parametrize(
    "text", ["", "。，", "x" * 20_000, '+-&|!(){}[]^"~*?:\\/ AND OR', "😀\u200b"]
)
def test_garbage_neither_breaks_it_nor_is_lost(index, text):
    index.follow([a_state(text=text, title="钛合金叶轮")], Mark(1, None))
    assert found(index, "叶轮") == ["s1"]
    assert found(index, "text:*", 'a" OR "b', "\u200b") in ([], ["s1"])


def test_an_external_index_goes_on_where_it_was(engine):
    def rebuild(index):
        index.follow([a_state()], Mark(7, "seventh"))

    first = open_external(engine.url, "1", _same_feed, rebuild)
    first.follow([a_state("s2")], Mark(9, "ninth"))
    first.close()
    again = open_external(engine.url, "1", _same_feed, _never)
    assert (again.mark, found(again, "五轴")) == (Mark(9, "ninth"), ["s1", "s2"])
    again.close()


def test_an_external_index_of_another_feed_is_filled_anew(engine):
    open_external(engine.url, "1", _same_feed, lambda index: index.follow(
        [a_state()], Mark(7, "of another database")
    )).close()  # fmt: skip
    again = open_external(engine.url, "1", lambda mark: False, lambda index: index.follow(
        [a_state("s2")], Mark(1, "first")
    ))  # fmt: skip
    assert (again.mark, found(again, "五轴")) == (Mark(1, "first"), ["s2"])
    again.close()


def test_each_replica_has_an_external_index_of_its_own(engine):
    for replica in ("1", "2"):
        open_external(
            engine.url, replica, _same_feed, lambda index: index.follow([], Mark(0, None))
        )
    assert len(engine.indexes) == 2


def test_many_supplies_are_written_and_read_in_parts(engine, monkeypatch):
    monkeypatch.setattr("services.matching.external.BATCH", 3)
    monkeypatch.setattr("services.matching.external.PAGE", 2)
    index = ExternalIndex(engine.url, "supplies")
    states = [a_state(f"s{n}") for n in range(1, 8)]
    index.follow(iter(states), Mark(1, None))
    assert [known.profile for known in index.kept()] == [known.profile for known in states]


def test_an_external_index_that_takes_no_more_says_so(engine):
    index = ExternalIndex(engine.url, "supplies")
    index.follow([a_state()], Mark(1, None))
    engine.close()
    index.close()  # its connection, too
    with pytest.raises(OSError, match="Connection"):
        index.follow([a_state("s2")], Mark(2, None))
    assert index.mark == Mark(1, None)


def _same_feed(mark):
    return True


def _never(index):
    raise AssertionError("it was whole")
