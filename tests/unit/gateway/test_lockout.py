"""How long a guesser waits: longer each time, never for ever, and never for nothing."""

from datetime import UTC, datetime, timedelta

from services.gateway.sessions import lockout
from services.gateway.sessions.lockout import locked_s, wait_s

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_typing_errors_cost_no_wait() -> None:
    assert [wait_s(failures) for failures in range(lockout.FREE)] == [0] * lockout.FREE


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [wait_s(lockout.FREE + more) for more in range(8)]
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    assert wait_s(10**9) == 900


def test_what_is_left_of_the_wait_is_told_in_whole_seconds() -> None:
    assert locked_s(5, AT, AT) == 30
    assert locked_s(5, AT, AT + timedelta(seconds=29.2)) == 1
    assert locked_s(5, AT, AT + timedelta(seconds=30)) == 0
    assert locked_s(4, AT, AT) == 0


def test_failures_are_remembered_longer_than_any_wait() -> None:
    assert lockout.FORGOTTEN.total_seconds() > lockout.LONGEST_WAIT_S


def test_a_login_and_a_person_are_counted_apart_and_neither_is_written_down() -> None:
    digests = {
        lockout.of_login("zhang.min"), lockout.of_person("zhang.min"),
        lockout.of_device("zhang.min", "zhang.min"),
    }  # fmt: skip
    assert len(digests) == 3 and not any("zhang" in digest for digest in digests)
