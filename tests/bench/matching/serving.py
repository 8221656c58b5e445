"""What serves, at a size: built from states, opened as a process opens it, asked as it is asked."""

import gc
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from services.matching import evidence, facts, rebuild
from services.matching.asking import TEXT, Asked, Filters, Mark
from services.matching.engine import Engine
from services.matching.evidence import BY_TEXT
from services.matching.index import SupplyIndex
from services.matching.profile import Known, known
from tests.bench.matching import market
from tests.bench.matching.parts import Part, disk_mb, percentiles, rss_mb, seconds

INDEX, TEXTS, BUILT = "index", "texts.txt", "built.json"
WORDS = "words.txt"  # of each demand, as it is asked
SHOWN = 20
WARM, ASKED, NEW = 50, 400, 20


def build(size: int, folder: Path) -> Part:
    """The index, and the same texts, cut into words, for those that it is compared with."""
    kept = folder / BUILT
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(_built(size, folder)))
    found: Part = json.loads(kept.read_text())
    return found


def _built(size: int, folder: Path) -> Part:
    index = SupplyIndex(folder / INDEX)
    with (folder / TEXTS).open("w", encoding="utf-8") as texts:
        index_s = seconds(lambda: index.follow(_known(size, texts), Mark(1, None)))
    index.close()
    return {"index_s": index_s, "disk_mb": disk_mb(folder / INDEX), "rss_mb": rss_mb()}


def serve(size: int, folder: Path) -> Part:
    """Ready as after a restart; then demands, queries and new supplies."""
    index = SupplyIndex(folder / INDEX)
    began = time.perf_counter()
    engine = Engine(index, rebuild.columns(index))
    ready_s = time.perf_counter() - began
    for number in range(WARM):
        _took(engine, number)
    gc.collect()
    found = percentiles("pipeline", [_took(engine, WARM + number) for number in range(ASKED)])
    found |= _queries(engine, folder / WORDS) | {"rss_mb": rss_mb(), "ready_s": ready_s}
    visible_ms = [_visible_s(engine, size + number) * 1_000 for number in range(1, NEW + 1)]
    index.close()
    return found | {
        "visible_p50_ms": sorted(visible_ms)[NEW // 2],
        "visible_max_ms": max(visible_ms),
    }


def _took(engine: Engine, number: int) -> float:
    """All that is done for one demand: from its state to the reasons that are shown.

    What is shown are rows in life: making their states here is not measured.
    """
    state = market.demand(number)
    began = time.perf_counter()
    wanted = facts.wanted(state)
    found, explained = engine.rank(wanted, market.TODAY, most=SHOWN)
    ranked_s = time.perf_counter() - began
    shown = {
        one.supply_id: facts.shown(market.supply(_number(one.supply_id))) for one in found.ranked
    }
    began = time.perf_counter()
    for judged in explained.judged(shown).values():
        explained.columns(judged)
    return ranked_s + time.perf_counter() - began


def _queries(engine: Engine, kept: Path) -> Part:
    """The text query alone; the words of each are kept for those that it is compared with."""
    filtered, unfiltered, lines = [], [], []
    for number in range(ASKED):
        wanted = facts.wanted(market.demand(number))
        filters = Filters(wanted.kind, wanted.buyer_id, wanted.region, wanted.budget_fen)
        asked = Asked(evidence.rarest(wanted, evidence.counted(engine.columns, wanted)))
        filtered.append(_query_s(engine, asked, filters))
        unfiltered.append(_query_s(engine, asked, Filters(wanted.kind, wanted.buyer_id)))
        lines.append(" ".join(asked.words))
    kept.write_text("\n".join(lines), encoding="utf-8")
    return percentiles("filtered", filtered) | percentiles("unfiltered", unfiltered)


def _query_s(engine: Engine, asked: Asked, filters: Filters) -> float:
    return seconds(lambda: engine.index.search(TEXT, asked, filters, BY_TEXT))


def _visible_s(engine: Engine, number: int) -> float:
    """From the state of a new supply until a query finds it."""
    state = market.supply(number) | {"text": f"独特零件{number}x"}
    asked, filters = Asked([f"{number}x"]), Filters("order", "nobody")

    def follow() -> None:
        engine.follow([state], Mark(number, None))
        assert engine.index.search(TEXT, asked, filters, 1).tolist() == [number]

    return seconds(follow)


def _known(size: int, texts: TextIO) -> Iterator[Known]:
    for number in range(1, size + 1):
        one = known(market.supply(number))
        texts.write(" ".join(_words(one)) + "\n")
        yield one


def _words(one: Known) -> list[str]:
    return [*one.texts.said, *(word for deal in one.texts.deals for word in deal)]


def _number(supply_id: str) -> int:
    return int(supply_id[:8], 16)
