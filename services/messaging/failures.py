"""What a failed transaction means: try again, wait for the database, refuse, or our error."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
LOCK_NOT_AVAILABLE = "55P03"
QUERY_CANCELED = "57014"
_CONFLICTS = {SERIALIZATION_FAILURE, DEADLOCK_DETECTED}


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's code; None when the server did not get to say one."""
    return getattr(getattr(error, "orig", None), "pgcode", None)


def is_conflict(error: BaseException) -> bool:
    """Two transactions were in each other's way and this one gave in: run it again."""
    return isinstance(error, StaleDataError) or sqlstate(error) in _CONFLICTS


def gave_way(error: BaseException) -> bool:
    """A lock was not to be had in the time that the transaction was ready to wait."""
    return sqlstate(error) == LOCK_NOT_AVAILABLE


def is_outage(error: BaseException) -> bool:
    """The database is away, or too slow this time: asking again later may help."""
    return is_away(error) or gave_way(error) or sqlstate(error) == QUERY_CANCELED


def is_away(error: BaseException) -> bool:
    """The database cannot be used at all; no statement is to blame, none would do better.

    Without a code the connection broke; classes 08, 53, 57P and 58 are the server's own troubles.
    """
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = sqlstate(error)
    if state is None:
        return isinstance(error, OperationalError | InterfaceError)
    return state[:2] in {"08", "53", "58"} or state.startswith("57P")


def constraint_of(error: BaseException) -> str | None:
    """The name of the constraint that was violated."""
    diagnosis = getattr(getattr(error, "orig", None), "diag", None)
    return getattr(diagnosis, "constraint_name", None)
