"""Transactions whose BEGIN and COMMIT cost no round trip."""

from collections.abc import Iterator
from typing import Any

import psycopg2.extensions
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

from services.messaging.dialect import ENDS, bracketed

PACK = text("INSERT INTO crates_of_tea (label) VALUES (:label)")


@pytest.fixture
def sent() -> list[str]:
    """What went to the server, a round trip each; without the values."""
    return []


@pytest.fixture
def engine(depot_url: str, sent: list[str]) -> Iterator[Engine]:
    class Heard(psycopg2.extensions.cursor):
        def execute(self, query: Any, values: Any = None) -> None:
            sent.append(query.split(" (")[0])
            super().execute(query, values)

    engine = create_engine(bracketed(depot_url), connect_args={"cursor_factory": Heard})
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE crates_of_tea (label text UNIQUE)"))
    sent.clear()
    yield engine
    engine.dispose()


def packed(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT label FROM crates_of_tea ORDER BY label")))


def test_begin_leaves_with_the_first_statement(engine: Engine, sent: list[str]) -> None:
    with engine.begin() as connection:
        connection.execute(PACK, {"label": "green"})
        connection.execute(PACK, {"label": "black"})
    assert sent == [
        "BEGIN; INSERT INTO crates_of_tea", "INSERT INTO crates_of_tea", "COMMIT",
    ]  # fmt: skip
    assert packed(engine) == ["black", "green"]


def test_commit_leaves_with_the_last_one(engine: Engine, sent: list[str]) -> None:
    with engine.begin() as connection:
        connection.execute(PACK, {"label": "green"})
        connection.execute(text("NOTIFY tea"), execution_options=ENDS)
        assert packed(engine) == ["green"]
    assert sent[0] == "BEGIN; INSERT INTO crates_of_tea"
    assert sent[1] == "NOTIFY tea; COMMIT"
    assert "COMMIT" not in sent


def test_nothing_can_follow_the_last_one(engine: Engine) -> None:
    with pytest.raises(RuntimeError), engine.begin() as connection:
        connection.execute(PACK, {"label": "green"}, execution_options=ENDS)
        connection.execute(PACK, {"label": "black"})
    assert packed(engine) == ["green"]
    with engine.begin() as connection:
        connection.execute(PACK, {"label": "white"})
    assert packed(engine) == ["green", "white"]


@pytest.mark.parametrize("options", [{}, ENDS])
def test_what_fails_leaves_nothing_behind(
    engine: Engine, sent: list[str], options: dict[str, bool]
) -> None:
    with pytest.raises(ProgrammingError), engine.begin() as connection:
        connection.execute(PACK, {"label": "green"})
        connection.execute(text("SELECT nonsense"), execution_options=options)
    assert sent[-1] == "ROLLBACK"
    assert packed(engine) == []


def test_a_block_that_raises_is_undone(engine: Engine) -> None:
    with pytest.raises(KeyError), engine.begin() as connection:
        connection.execute(PACK, {"label": "green"})
        raise KeyError
    assert packed(engine) == []


def test_many_rows_at_once_are_one_transaction_too(engine: Engine, sent: list[str]) -> None:
    with engine.begin() as connection:
        connection.execute(PACK, [{"label": "green"}, {"label": "black"}])
        assert sent[0] == "BEGIN; "
        connection.rollback()
    assert packed(engine) == []


def test_an_empty_transaction_asks_nothing(engine: Engine, sent: list[str]) -> None:
    with engine.begin():
        pass
    assert sent == []
