"""Each process is told what it needs and nothing of the others."""

import pytest

from deploy.sails.database import SERVICES
from deploy.sails.processes import Process, inherited, lay_out, sandbox_child, service_child, table
from deploy.sails.servers import given
from deploy.sails.state import StateFolder
from services.settings import url_name

ENVIRONMENT = {"AMQP_URI": "amqp://broker/sails"} | {
    url_name(service): f"postgresql+psycopg2://{service}@localhost/{service}"
    for service in SERVICES
}


@pytest.mark.parametrize("process", table(2), ids=lambda process: process.name)
def test_a_process_gets_its_own_database_alone(state: StateFolder, process: Process) -> None:
    layout = lay_out(state, ENVIRONMENT, demo_clock=True, clock_offset_s=86400, replicas=2)
    told = service_child(state, layout, process).environment
    assert [name for name in told if name.startswith("DATABASE_URL_")] == [
        url_name(process.service)
    ]
    assert told["AMQP_URI"] == ENVIRONMENT["AMQP_URI"]
    assert told["SAILS_OBSERVE_ADDRESS"] == f"127.0.0.1:{layout.observe[process.name]}"
    assert (told["SAILS_DEMO_CLOCK"], told["SAILS_DEMO_CLOCK_OFFSET_S"]) == ("1", "86400")
    assert ("SAILS_HTTP_ADDRESS" in told) is process.http


def test_both_http_processes_share_one_port_and_nothing_else(state: StateFolder) -> None:
    layout = lay_out(state, ENVIRONMENT)
    first, second = (
        service_child(state, layout, process).environment for process in table() if process.http
    )
    assert first["SAILS_HTTP_ADDRESS"] == second["SAILS_HTTP_ADDRESS"] == layout.http_address
    for name in ("SAILS_OBSERVE_ADDRESS", "SAILS_STATE_DIR", "SAILS_REPLICA"):
        assert first[name] != second[name]


def test_replicas_have_a_number_a_folder_and_a_port_of_their_own(state: StateFolder) -> None:
    layout = lay_out(state, ENVIRONMENT, replicas=3)
    told = {process.name: service_child(state, layout, process).environment for process in table(3)}
    assert [name for name in told if name.startswith("matching")] == [
        "matching", "matching-2", "matching-3",
    ]  # fmt: skip
    assert told["matching-3"]["SAILS_REPLICA"] == "3"
    assert len(told) == 15
    for name in ("SAILS_OBSERVE_ADDRESS", "SAILS_STATE_DIR"):
        assert len({environment[name] for environment in told.values()}) == len(told)


def test_the_public_api_has_two_processes_even_of_one_replica() -> None:
    assert [process.name for process in table() if process.http] == [
        "gateway-http-1", "gateway-http-2",
    ]  # fmt: skip
    assert len(table()) == 6


def test_a_sandbox_gets_no_database_and_no_broker(state: StateFolder) -> None:
    told = sandbox_child(state, "bank-a", {"SAILS_API_KEY": "key"}).environment
    assert "AMQP_URI" not in told
    assert not [name for name in told if name.startswith("DATABASE_URL_")]
    assert told["SAILS_API_KEY"] == "key"


def test_the_shell_does_not_hand_one_process_what_is_anothers() -> None:
    shell = ENVIRONMENT | {"PATH": "/bin", "SAILS_LOG_LEVEL": "debug", "SAILS_STATE_DIR": "/x"}
    assert inherited(shell) == {"PATH": "/bin", "SAILS_LOG_LEVEL": "debug"}


def test_servers_named_by_the_environment_are_used_as_they_are() -> None:
    assert given(ENVIRONMENT | {"PATH": "/bin", "DATABASE_URL_OTHER": "x"}) == ENVIRONMENT
    assert given({"AMQP_URI": ""}) == {}
