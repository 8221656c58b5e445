"""A taken port is noticed, even by a listener that would share it, and the next one is used."""

import socket

import pytest

from deploy.sails.ports import (
    LOOPBACK,
    PORTS_TRIED,
    NoPortFree,
    is_free,
    next_free,
    private_range,
    reserved,
)
from deploy.sails.processes import lay_out, table
from deploy.sails.state import StateFolder


def listener(**options: bool) -> socket.socket:
    opened = socket.socket()
    if options.get("shared"):
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    opened.bind((LOOPBACK, 0))
    opened.listen()
    return opened


@pytest.mark.parametrize("shared", [False, True])
def test_a_taken_port_is_moved(shared: bool) -> None:
    with listener(shared=shared) as stranger:
        port = stranger.getsockname()[1]
        assert not is_free(port)
        assert next_free(port) > port


def test_a_port_chosen_for_another_is_moved() -> None:
    first = next_free(23000)
    assert next_free(first, {first}) > first


def test_no_port_at_all_is_an_error() -> None:
    taken = set(range(24000, 24000 + PORTS_TRIED))
    with pytest.raises(NoPortFree):
        next_free(24000, taken)


def test_two_that_start_at_once_get_ports_of_their_own() -> None:
    """Their listeners would share one silently."""
    first = next_free(23500)
    with reserved(first) as mine, reserved(first) as anothers:
        assert (mine, is_free(mine)) == (first, True)
        assert anothers > mine
    with reserved(first) as again:
        assert again == first


def test_the_layout_moves_the_public_port_and_gives_each_process_its_own(
    state: StateFolder,
) -> None:
    with listener() as stranger, reserved(stranger.getsockname()[1]) as port:
        assert port > stranger.getsockname()[1]
        layout = lay_out(state, {}, http_port=port)
        assert layout.http_port == port
    assert list(layout.observe) == [process.name for process in table()]
    assert len({*layout.observe.values(), layout.http_port}) == len(table()) + 1


def test_two_state_folders_prefer_different_ranges(state: StateFolder) -> None:
    assert private_range(state.root) != private_range(state.root / "other")
