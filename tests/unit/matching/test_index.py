"""The embedded index: its folder, its position, and being built anew."""

import pytest

from services.matching import index as module
from services.matching import opening
from services.matching.asking import Asked, Filters, Mark
from services.matching.documents import STAMP
from services.matching.index import SupplyIndex
from services.matching.opening import FolderInUse, hold, open_index
from services.matching.profile import known
from tests.unit.matching.pairs import a_state as stated

ORDER = Filters("order", "buyer")


def a_state(id="s1", **changes):
    return known(stated(id, int(id[1:]), **changes))


def found(index, *terms):
    return [f"s{number}" for number in index.search("text", Asked(terms), ORDER, 10)]


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
