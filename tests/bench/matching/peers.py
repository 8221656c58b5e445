"""What others make of the same texts, already cut into words: tantivy bare, and bm25s.

Neither filters, judges, scores by more than words or explains; of them a demand is asked by the
very words that ours is asked by.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import tantivy

from services.matching.evidence import BY_TEXT
from services.matching.index import WRITER_BYTES
from tests.bench.matching.parts import Part, disk_mb, percentiles, rss_mb, seconds
from tests.bench.matching.serving import NEW, TEXTS, WORDS


def raw_tantivy(size: int, folder: Path) -> Part:
    """One field, one number, an OR of words."""
    place = folder / "raw"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("number", fast=True)
    schema = builder.build()
    index = tantivy.Index(schema, path=str(place))
    writer = index.writer(WRITER_BYTES, 1)

    def add(texts: Iterator[str], first: int) -> None:
        for number, text in enumerate(texts, first):
            document = tantivy.Document()
            document.add_text("text", text)
            document.add_unsigned("number", number)
            writer.add_document(document)
        writer.commit()
        index.reload()

    index_s = seconds(lambda: add(_texts(folder), 1))

    def ask(words: list[str]) -> int:
        query = tantivy.Query
        clauses = [(tantivy.Occur.Should, query.term_query(schema, "text", one)) for one in words]
        searcher = index.searcher()
        found = searcher.search(query.boolean_query(clauses), BY_TEXT, count=False).hits
        return len(searcher.fast_field_values("number", [address for _, address in found]))

    took_s = [seconds(lambda words=words: ask(words)) for words in _asked(folder)]
    visible_ms = [
        seconds(lambda n=n: add(iter([f"{n}x"]), n) or ask([f"{n}x"])) * 1_000
        for n in range(size + 1, size + NEW + 1)
    ]
    return percentiles("query", took_s) | {
        "index_s": index_s,
        "disk_mb": disk_mb(place),
        "rss_mb": rss_mb(),
        "visible_p50_ms": sorted(visible_ms)[NEW // 2],
        "visible_max_ms": max(visible_ms),
    }


def bm25s(size: int, folder: Path) -> Part:
    """The whole corpus at once: it has no way to add a text."""
    import bm25s as peer  # its import is half a second, of this part alone

    found = peer.BM25()
    corpus = [text.split() for text in _texts(folder)]
    index_s = seconds(lambda: found.index(corpus, show_progress=False))
    corpus.clear()

    def ask(words: list[str]) -> None:
        found.retrieve([words], k=min(BY_TEXT, size), show_progress=False)

    took_s = [seconds(lambda words=words: ask(words)) for words in _asked(folder)]
    return percentiles("query", took_s) | {"index_s": index_s, "rss_mb": rss_mb()}


def _texts(folder: Path) -> Iterator[str]:
    with (folder / TEXTS).open(encoding="utf-8") as texts:
        yield from texts


def _asked(folder: Path) -> list[list[str]]:
    lines = (folder / WORDS).read_text(encoding="utf-8").split("\n")
    return [line.split() for line in lines]
