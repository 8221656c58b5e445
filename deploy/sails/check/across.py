"""What must hold between databases: the read model is what the owners own."""

from collections.abc import Iterator

from deploy.sails.check.databases import Databases
from deploy.sails.check.entry import Check, Violation, violation
from deploy.sails.check.messaging import TABLE_OF
from services.contracts.registry import AGGREGATES


def agreement(databases: Databases) -> Iterator[Violation]:
    """Each aggregate that is not in the read model with its owner's sequence and state."""
    shown: dict[str, dict[str, tuple[int, str]]] = {}
    for kind, id_, sequence, state in databases.all_rows(
        "gateway", "SELECT kind, id, sequence, state FROM resources"
    ):
        shown.setdefault(kind, {})[id_] = (sequence, state)
    for name, aggregate in AGGREGATES.items():
        table = TABLE_OF[name]
        statement = f"SELECT id, sequence, state FROM {table} WHERE sequence > 0"  # noqa: S608  own names
        owned = {
            id_: (sequence, state)
            for id_, sequence, state in databases.all_rows(aggregate.service, statement)
        }
        rows = list(_differences(owned, shown.get(name, {})))
        if rows:
            yield violation(_check(name), rows)


def _differences(
    owned: dict[str, tuple[int, str]], shown: dict[str, tuple[int, str]]
) -> Iterator[tuple[str, tuple[int, str] | None, tuple[int, str] | None]]:
    for id_ in owned.keys() | shown.keys():
        if owned.get(id_) != shown.get(id_):
            yield id_, owned.get(id_), shown.get(id_)


def _check(name: str) -> Check:
    return Check(
        f"{name}_shown", "gateway", f"{name}：读模型与所有者一致",
        f"The read model has each {name} as its owner does", "", passing=True,
    )  # fmt: skip
