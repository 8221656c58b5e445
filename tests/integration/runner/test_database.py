"""One role per service, and no way from one database into another."""

import psycopg2
import pytest
from sqlalchemy.engine import make_url

from deploy.sails.database import SERVICES, SUPERUSER
from deploy.sails.testbed import Testbed, World


def connect(world: World, role: str, into: str, password: str | None = None) -> str:
    """`current_user` of a session of this role in the database of the service `into`."""
    own, other = make_url(world.database_url(role)), make_url(world.database_url(into))
    session = psycopg2.connect(
        host=own.host,
        port=own.port,
        user=own.username,
        password=own.password if password is None else password,
        dbname=other.database,
    )
    try:
        with session.cursor() as cursor:
            cursor.execute("SELECT current_user")
            row = cursor.fetchone()
            return str(row[0]) if row else ""
    finally:
        session.close()


@pytest.mark.parametrize("role", SERVICES)
def test_a_role_enters_its_own_database(world: World, role: str) -> None:
    assert connect(world, role, role) == role


@pytest.mark.parametrize("role", SERVICES)
@pytest.mark.parametrize("other", SERVICES)
def test_a_role_does_not_enter_another_database(world: World, role: str, other: str) -> None:
    if role == other:
        return
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        connect(world, role, other)


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_or_missing_password_is_refused(world: World, password: str) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password"):
        connect(world, "orders", "orders", password)


@pytest.mark.parametrize("password", ["wrong", ""])
def test_the_superuser_needs_its_password(bed: Testbed, password: str) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(
            host="127.0.0.1",
            port=bed.database.port,
            user=SUPERUSER,
            password=password,
            dbname=SUPERUSER,
        )


@pytest.mark.parametrize("shared", [SUPERUSER, "template1"])
def test_a_role_does_not_enter_the_shared_databases(
    world: World, bed: Testbed, shared: str
) -> None:
    own = make_url(world.database_url("orders"))
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        psycopg2.connect(
            host=own.host, port=own.port, user="orders", password=own.password, dbname=shared
        )


def test_worlds_are_apart_and_dropped_with_their_sessions(bed: Testbed) -> None:
    with bed.world(migrated=False) as first, bed.world(migrated=False) as second:
        assert first.environment["AMQP_URI"] != second.environment["AMQP_URI"]
        assert first.database_url("orders") != second.database_url("orders")
        left_open = psycopg2.connect(first.database_url("orders").replace("+psycopg2", ""))
    with pytest.raises(psycopg2.OperationalError, match="does not exist"):
        connect(first, "orders", "orders")
    left_open.close()
