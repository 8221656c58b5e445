"""The index: upsert, delete, filters, its position, and being built anew."""

import pytest

from services.matching import index as module
from services.matching import opening
from services.matching.documents import STAMP, facets
from services.matching.index import Asked, Filters, Mark, SupplyIndex
from services.matching.opening import FolderInUse, hold, open_index
from services.matching.profile import capability_number, known
from tests.unit.matching.pairs import a_deal
from tests.unit.matching.pairs import a_state as stated

ORDER = Filters("order", "buyer")


def a_state(id="s1", **changes):
    return known(stated(id, int(id[1:]), **changes))


@pytest.fixture
def index(tmp_path):
    opened = SupplyIndex(tmp_path / "index")
    yield opened
    opened.close()


def found(index, *terms, places=(), field="text", filters=ORDER):
    return [
        f"s{number}" for number in index.search(field, Asked(terms, places), filters, 10).numbers
    ]


def test_a_supply_is_found_by_what_it_says_and_by_what_it_did(index):
    index.follow([a_state()], Mark(1, None))
    assert found(index, "五轴") == found(index, "叶轮") == found(index, "as9100") == ["s1"]
    assert found(index, "启航") == found(index, "磨削") == ["s1"]
    assert found(index, "磨削", field="deal") == ["s1"]
    assert found(index, "五轴", field="deal") == found(index) == []


def test_each_deal_is_found_by_itself_the_newest_first(index):
    deals = [a_deal(title="船用泵阀", date="2024-05-01"), a_deal(), a_deal(date=None)]
    index.follow([a_state(track_record=deals)], Mark(1, None))
    assert index.search("deal", Asked(["磨削"]), ORDER, 10).ordinals.tolist() == [1, 3]
    assert index.search("deal", Asked(["泵阀"]), ORDER, 10).ordinals.tolist() == [2]
    assert index.search("text", Asked(["泵阀"]), ORDER, 10).ordinals.tolist() == [0]
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


def test_it_says_in_how_many_supplies_a_word_occurs(index):
    index.follow([a_state(), a_state("s2", title="草坪养护")], Mark(1, None))
    assert index.frequencies(["五轴", "草坪", "激光"]) == {"五轴": 2, "草坪": 1}


def test_it_keeps_what_the_columns_need(index):
    states = [a_state(), a_state("s2", qualifications=None, track_record=[])]
    index.follow([*states, a_state("s3"), a_state("s3", state="archived")], Mark(1, None))
    kept = list(index.kept())
    assert [state["id"] for state, _ in kept] == ["s1", "s2"]
    assert [profile for _, profile in kept] == [profile for _, profile in states]


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


def test_it_knows_its_position_after_a_restart(tmp_path):
    built = []

    def rebuild(draft):
        built.append(draft)
        draft.follow([a_state()], Mark(7, None))

    first = open_index(tmp_path, _same_feed, rebuild)
    first.follow([a_state("s2")], Mark(9, None))
    first.close()
    again = open_index(tmp_path, _same_feed, rebuild)
    assert (position(again), len(found(again, "五轴")), len(built)) == (9, 2, 1)
    again.close()


def test_a_crash_between_index_and_position_repeats_without_effect(tmp_path, monkeypatch):
    index = SupplyIndex(tmp_path / "index")
    index.follow([a_state()], Mark(1, None))
    with monkeypatch.context() as patch:
        patch.setattr(module, "_write_mark", _crash)
        with pytest.raises(OSError, match="crash"):
            index.follow([a_state("s2")], Mark(2, None))
    index.close()
    again = SupplyIndex(tmp_path / "index")
    assert (position(again), len(found(again, "五轴"))) == (
        1,
        2,
    )  # behind its own content, never ahead
    again.follow([a_state("s2")], Mark(2, None))
    assert (position(again), len(found(again, "五轴"))) == (2, 2)
    again.close()


def test_a_position_that_was_cut_short_means_building_anew(tmp_path):
    open_index(tmp_path, _same_feed, filling(Mark(1, None), a_state())).close()
    (tmp_path / STAMP / "mark.json").write_text("{")
    index = open_index(tmp_path, _same_feed, filling(Mark(5, None), a_state("s2")))
    assert (position(index), found(index, "五轴")) == (5, ["s2"])
    index.close()


def test_another_stamp_means_building_anew_beside(tmp_path, monkeypatch):
    open_index(tmp_path, _same_feed, filling(Mark(1, None), a_state())).close()
    monkeypatch.setattr(opening, "STAMP", "words-2.schema-1")
    index = open_index(tmp_path, _same_feed, filling(Mark(5, None), a_state("s2")))
    assert found(index, "五轴") == ["s2"]
    assert [folder.name for folder in tmp_path.iterdir()] == ["words-2.schema-1"]
    index.close()


def test_an_index_of_another_feed_is_built_anew(tmp_path):
    open_index(tmp_path, _same_feed, filling(Mark(4, "a"), a_state())).close()
    seen = []

    def is_of_feed(mark):
        seen.append(mark)
        return False

    index = open_index(tmp_path, is_of_feed, filling(Mark(9, "b")))
    assert (seen, found(index, "五轴"), index.mark) == ([Mark(4, "a")], [], Mark(9, "b"))
    index.close()


def test_a_rebuild_that_was_cut_short_is_begun_again(tmp_path):
    with pytest.raises(OSError, match="crash"):
        open_index(tmp_path, _same_feed, _crash)
    index = open_index(tmp_path, _same_feed, filling(Mark(3, None), a_state()))
    assert (position(index), found(index, "五轴")) == (3, ["s1"])
    index.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "meta.json").write_text("{"),
        lambda folder: (folder / "meta.json").unlink(),
        lambda folder: [file.unlink() for file in folder.glob("*.term")],
        lambda folder: [file.write_bytes(b"x") for file in folder.glob("*.store")],
    ],
)
def test_an_index_that_cannot_be_opened_is_built_anew_whatever_its_mark_says(tmp_path, damage):
    open_index(tmp_path, _same_feed, filling(Mark(1, None), a_state())).close()
    damage(tmp_path / STAMP)
    index = open_index(tmp_path, _same_feed, filling(Mark(5, None), a_state("s2")))
    assert (position(index), found(index, "五轴")) == (5, ["s2"])
    index.close()


def test_a_folder_is_one_processs_before_there_is_anything_in_it(tmp_path):
    lock = hold(tmp_path / "new")
    with pytest.raises(FolderInUse):
        hold(tmp_path / "new")
    lock.close()
    hold(tmp_path / "new").close()


def filling(mark, *states):
    """A rebuild with these states, at that mark."""
    return lambda draft: draft.follow(states, mark)


def position(index):
    return index.mark.position


def _same_feed(_):
    return True


def _crash(*_):
    raise OSError("crash")
