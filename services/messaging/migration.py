"""What the Alembic chains of all services share."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, MetaData, Sequence, engine_from_config, pool, text
from sqlalchemy.schema import CreateSequence, DropSequence

from services.messaging.tables import ALL, number_sequence

# Facts and documents of a few kilobytes are what a service writes most: where the server can, they
# are compressed by lz4, at a third of the usual cost.
_COMPRESS = text("""
DO $$
DECLARE long record;
BEGIN
    IF 'lz4' = ANY (SELECT unnest(enumvals) FROM pg_settings
                    WHERE name = 'default_toast_compression') THEN
        FOR long IN
            SELECT attrelid::regclass AS held_by, attname AS name FROM pg_attribute
            WHERE attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r'
                               AND relnamespace = current_schema()::regnamespace)
              AND attnum > 0 AND attstorage IN ('x', 'm') AND attcompression <> 'l'
              AND atttypid IN ('text'::regtype, 'json'::regtype, 'jsonb'::regtype)
        LOOP
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET COMPRESSION lz4',
                           long.held_by, long.name);
        END LOOP;
    END IF;
END $$
""")
LOCK_TIMEOUT = "10s"  # a migration gives way to the running release rather than stop it


def run(metadata: MetaData) -> None:
    """The body of every `migrations/env.py`: bring `sqlalchemy.url` to the revision asked for."""
    section = context.config.get_section(context.config.config_ini_section, {})
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, compare_type=True)
        with context.begin_transaction():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            context.run_migrations()
            compress(connection)


def compress(connection: Connection) -> None:
    """Long texts of all tables by lz4 from now on, where the server can."""
    connection.execute(_COMPRESS)


def create_messaging_tables(op: Any, *prefixes: str) -> None:
    """For a service's first migration: the shared tables, and a number sequence per prefix."""
    bind = op.get_bind()
    for table in ALL:
        table.create(bind)
    for prefix in prefixes:
        op.execute(CreateSequence(Sequence(number_sequence(prefix))))


def drop_messaging_tables(op: Any, *prefixes: str) -> None:
    """The way back of `create_messaging_tables`."""
    for prefix in prefixes:
        op.execute(DropSequence(Sequence(number_sequence(prefix))))
    for table in reversed(ALL):
        table.drop(op.get_bind())
