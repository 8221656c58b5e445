"""`sails invite`: how the operator of a local platform comes to a login and a password."""

from pathlib import Path
from typing import Any

from deploy.sails import runner
from deploy.sails.control import NotRunning
from deploy.sails.lifecycle import State
from deploy.sails.operator_key import operator_of
from deploy.sails.output import Json, answer, failures
from deploy.sails.problem import Problem
from deploy.sails.state import DEFAULT_ROOT, StateFolder
from deploy.sails.texts import text
from services.client import Client, NoAnswer, Refused


class NotInvited(Problem):
    """The platform did not; the text is its reason."""


def invite(as_json: Json = False, state: State = DEFAULT_ROOT) -> None:
    """A code for the operator, who chooses login and password with it within 72 hours."""
    with failures(as_json):
        url, code = _invited(state)
    answer(as_json, {"url": url, "code": code}, text("invited", url=url, code=code))


def own_user_id(client: Client) -> str:
    """Whose key the client has."""
    prefix = "_".join(client.api_key.split("_")[:2])
    keys = client.items("/api-keys")
    return next(str(key["user_id"]) for key in keys if key["prefix"] == prefix)


def _invited(state: Path) -> tuple[str, Any]:
    """Raises NotRunning, NotInvited."""
    folder = StateFolder(state)
    layout = runner.running_layout(folder)
    if layout is None:
        raise NotRunning(str(state))
    try:
        operator = operator_of(folder, layout)
        return layout.http_url, operator.post(f"/users/{own_user_id(operator)}/invite")["secret"]
    except (Refused, NoAnswer) as refused:
        raise NotInvited(str(refused)) from refused
