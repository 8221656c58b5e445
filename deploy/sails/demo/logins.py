"""The people of the story sign in, too: so that whoever watched it can look around as each of them.

All have the same password, which this file tells everybody: they exist in a demonstration alone.
"""

from collections.abc import Iterator

from rich.table import Table

from deploy.sails.demo.deal import Deal
from deploy.sails.demo.person import Person
from deploy.sails.demo.stage import Stage
from deploy.sails.demo.words import word
from deploy.sails.inviting import own_user_id
from services.client import Client

PASSWORD = "sails-demo-2026"  # noqa: S105  of nobody real
OPERATOR = "operator"


def given_to_all(stage: Stage, deal: Deal) -> Table:
    """Invite everybody of the deal, by their own keys; who has which login."""
    drawn = Table(box=None, pad_edge=False)
    for name in ("login", "duty", "person"):
        drawn.add_column(word(f"column-{name}"), no_wrap=True)
    operator = stage.operator
    _choose(operator, own_user_id(operator), OPERATOR)
    drawn.add_row(OPERATOR, word("operator"), "")
    for login, person in _people(deal):
        _choose(person.client, person.user_id, login)
        drawn.add_row(login, person.duty, f"{person.organisation} {person.name}")
    return drawn


def _people(deal: Deal) -> Iterator[tuple[str, Person]]:
    """Of the organisations that dealt with each other; the banks' and registry's systems do not."""
    banks = {f"bank{number}": bank.organisation for number, bank in enumerate(deal.banks, 1)}
    for name, organisation in {"buyer": deal.buyer, "supplier": deal.supplier, **banks}.items():
        for duty, person in organisation.people.items():
            if not duty.endswith(".system"):
                yield f"{name}.{duty.partition('.')[2]}", person


def _choose(client: Client, user_id: str, login: str) -> None:
    code = client.post(f"/users/{user_id}/invite")["secret"]
    chosen = {"code": code, "login": login, "password": PASSWORD}
    client.send("POST", "/session/activate", json=chosen)
