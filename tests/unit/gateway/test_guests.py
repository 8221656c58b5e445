"""Who must go when there is no room: never one that is being served."""

from typing import Any

import pytest

from services.gateway.edge.guests import Guest, Guests

HOME, AWAY = "192.0.2.1", "192.0.2.2"


class Line:
    """Stands for a connected socket."""

    is_up = True
    waiting: Any = None

    def shutdown(self, how: int) -> None:
        self.is_up = False


@pytest.fixture
def guests() -> Guests:
    return Guests(most=4, per_site=3)


def come(guests: Guests, address: str = HOME, *, answered: bool = False) -> Guest:
    guest = Guest((address, 1), Line())
    guest.was_answered = answered
    assert guests.let_in(guest)
    return guest


def silent(guests: Guests, guest: Guest) -> Guest:
    guest[1].waiting = guests.awaiting(guest)
    guest[1].waiting.__enter__()
    return guest


def present(*guests: Guest) -> list[bool]:
    return [guest[1].is_up for guest in guests]


def test_the_first_that_never_said_anything_gives_way(guests: Guests) -> None:
    first, second, third = (silent(guests, come(guests)) for _ in range(3))
    newest = come(guests)
    assert present(first, second, third, newest) == [False, True, True, True]


def test_one_between_two_requests_goes_only_after_those(guests: Guests) -> None:
    known = silent(guests, come(guests, answered=True))
    stranger = silent(guests, come(guests))
    come(guests)
    come(guests)
    assert present(known, stranger) == [True, False]
    come(guests)
    assert present(known, stranger) == [False, False]


def test_who_is_served_stays_and_its_site_is_full(guests: Guests) -> None:
    served = [come(guests) for _ in range(3)]
    assert not guests.let_in(Guest((HOME, 1), Line()))
    other = come(guests, AWAY)
    assert guests.is_full and present(*served, other) == [True] * 4
    guests.leave(served[0])
    assert not guests.is_full
    come(guests)


def test_one_site_takes_no_place_of_another(guests: Guests) -> None:
    quiet = silent(guests, come(guests, AWAY))
    own = [silent(guests, come(guests)) for _ in range(3)]
    come(guests)
    assert present(quiet, *own) == [True, False, True, True]


def test_full_in_all_the_first_of_any_site_goes(guests: Guests) -> None:
    quiet = silent(guests, come(guests, AWAY))
    for _ in range(3):
        come(guests)
    come(guests, AWAY)
    assert present(quiet) == [False]


def test_one_that_speaks_is_not_silent_any_more(guests: Guests) -> None:
    guest = come(guests)
    with guests.awaiting(guest):
        pass
    for _ in range(2):
        silent(guests, come(guests))
    come(guests)
    assert present(guest) == [True]


def test_who_has_left_is_forgotten(guests: Guests) -> None:
    for _ in range(100):
        guests.leave(silent(guests, come(guests)))
    assert not guests._present and not guests._of_site and not guests._new


def test_only_those_who_ask_nothing_are_dismissed(guests: Guests) -> None:
    idle, asking = (silent(guests, come(guests)) for _ in range(2))
    served = come(guests)
    asking.has_begun = True
    guests.dismiss()
    assert present(idle, asking, served) == [False, True, True]
