"""Where identifiers come from."""

import secrets

import uuid_utils


class Ids:
    """UUIDv7: unique, and in the order of their making, so that indexes grow at one end."""

    def new(self) -> str:
        return str(uuid_utils.uuid7())

    def digits(self, count: int) -> str:
        """Any number of so many digits, none likelier than another."""
        return f"{secrets.randbelow(10**count):0{count}d}"
