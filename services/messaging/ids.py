"""Where identifiers come from."""

import uuid_utils


class Ids:
    """UUIDv7: unique, and in the order of their making, so that indexes grow at one end."""

    def new(self) -> str:
        return str(uuid_utils.uuid7())
