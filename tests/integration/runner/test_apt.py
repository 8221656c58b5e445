"""A package is installed without its daemon, and the machine's own policy comes back."""

import subprocess
from pathlib import Path

import pytest

from deploy.sails.apt import DENY, FORBIDDEN, no_daemons, nothing_enabled

PERMIT = "#!/bin/sh\nexit 0\n"


def write(policy: Path, text: str) -> Path:
    policy.write_text(text)
    policy.chmod(0o755)
    return policy


def answer(policy: Path) -> int:
    return subprocess.run([policy, "rabbitmq-server", "start"], check=False).returncode


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return tmp_path / "policy-rc.d"


def test_no_policy_before_and_none_after(policy: Path) -> None:
    with no_daemons(policy):
        assert answer(policy) == FORBIDDEN
    assert not policy.exists()


@pytest.mark.parametrize("own", [PERMIT, DENY + "# the machine's own\n"])
def test_the_machines_own_policy_comes_back(policy: Path, own: str) -> None:
    write(policy, own)
    with no_daemons(policy):
        assert answer(policy) == FORBIDDEN
    assert policy.read_text() == own
    assert [path.name for path in policy.parent.iterdir()] == [policy.name]


def test_a_failed_installation_restores_it_too(policy: Path) -> None:
    write(policy, PERMIT)
    with pytest.raises(ZeroDivisionError), no_daemons(policy):
        raise ZeroDivisionError
    assert policy.read_text() == PERMIT


def test_what_a_killed_installation_saved_is_the_machines_own(policy: Path) -> None:
    write(policy, DENY)
    write(policy.with_name("policy-rc.d.before-sails"), PERMIT)
    with no_daemons(policy):
        assert answer(policy) == FORBIDDEN
    assert policy.read_text() == PERMIT


def test_units_enabled_by_a_failed_installation_are_disabled_too(tmp_path: Path) -> None:
    wants = tmp_path / "multi-user.target.wants"
    wants.mkdir()
    (wants / "cron.service").touch()
    with pytest.raises(ZeroDivisionError), nothing_enabled(tmp_path):
        (wants / "epmd.service").touch()
        raise ZeroDivisionError
    assert [link.name for link in wants.iterdir()] == ["cron.service"]
