"""A step that somebody owes, as a value; what a state owes is read from tables of these."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from services.contracts.declare import Command
from services.contracts.joining import FIRST_DUTIES
from services.contracts.roles import APPLICANT, ROLES
from services.gateway.readmodel.audiences import OPERATOR, REGISTRY, of_party

Document = Mapping[str, Any]
ROLE_OWNERS = {"operator": OPERATOR, "registry": REGISTRY}


class Filled(NamedTuple):
    """Other things do the step, each a part of `whole` (a column in fen; None: one does it all).

    `about` is the column with the id of what they are parts of.
    """

    about: str
    whole: str | None = None


class Lent(NamedTuple):
    """The clock of another thing (`extracts.DUE`), whose id is in the column `of`: only shown."""

    kind: str
    of: str


def _always(state: Document, party_id: str | None) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """What `role` has to do. `column` names the organisation, or several; None: the whole role.

    `command` does it, None where it is done outside of the platform. `clock` is the column with
    the day or the moment until when, `rule` the law behind it. `when` looks at the columns `reads`.
    Whether a step `is_sealed` has been done is its owner's secret: nobody else is told of it.
    """

    code: str
    role: str
    column: str | None
    command: Command | None
    clock: str | None = None
    rule: str | None = None
    began: str = "updated_at"
    filled: Filled | None = None
    lent: Lent | None = None
    is_sealed: bool = False
    reads: Sequence[str] = ()
    when: Callable[[Document, str | None], bool] = _always

    @property
    def scope(self) -> str | None:
        """What a key must carry to do it."""
        return self.command.scope if self.command else None


class Owed(NamedTuple):
    """A step and whose it is: an audience, and the organisation where it is one."""

    step: Step
    owner: str
    party_id: str | None


Steps = Mapping[str, tuple[Step, ...]]


@cache
def duties(scope: str | None, role: str) -> tuple[str, ...]:
    """Whose duty within a role it is: makers owe what makers do, checkers what checkers do.

    Of who is not let in yet it is the first person's.
    """
    if role == APPLICANT:
        return tuple(FIRST_DUTIES.values())
    return tuple(
        duty for duty, scopes in ROLES.items() if scope in scopes and duty.partition(".")[0] == role
    )


NOBODY: tuple[Step, ...] = ()


def nobody(*states: str) -> Steps:
    """In these states nobody owes anything: it is over, or waits for something else."""
    return dict.fromkeys(states, NOBODY)


def owed(steps: Iterable[Step], document: Document) -> list[Owed]:
    """By whom, as far as the document says it: a reader of part of it learns part of it."""
    return [
        Owed(step, _audience(step, party_id), party_id)
        for step in steps
        if document.keys() >= set(step.reads)
        for party_id in parties_of(step, document)
        if step.when(document, party_id)
    ]


def _audience(step: Step, party_id: str | None) -> str:
    return ROLE_OWNERS[step.role] if party_id is None else of_party(party_id)


def parties_of(step: Step, document: Document) -> Sequence[str | None]:
    """The organisations whose step it is; None: whoever has the role."""
    if step.column is None:
        return (None,)
    named = document.get(step.column)
    if isinstance(named, str):
        return (named,)
    return tuple(dict.fromkeys(named or ()))
