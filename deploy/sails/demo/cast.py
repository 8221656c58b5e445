"""Who plays in the story: organisations, and named people with the duties that they really have."""

from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

from deploy.sails.demo.person import Person
from services.client import Client

Body = dict[str, Any]

VALID_UNTIL = date(2099, 12, 31)  # verification and mandates outlast every demonstration

# Duty → (name, title zh, title en). The first of an organisation is added by the operator and
# adds the others, who may not be brought in by the other half of four eyes nor by who has less.
BUYERS = {
    "buyer.purchaser": ("张敏", "采购", "purchaser"),
    "buyer.maker": ("李强", "经办", "maker"),
    "buyer.checker": ("王芳", "复核", "checker"),
}
SUPPLIERS = {
    "supplier.owner": ("陈伟", "负责人", "owner"),
    "supplier.accountant": ("刘洋", "会计", "accountant"),
}
BANKS = {
    "bank.system": ("直联接口", "系统", "system"),
    "bank.maker": ("赵磊", "客户经理", "maker"),
    "bank.approver": ("孙丽", "审批人", "approver"),
}
REGISTRIES = {"registry.system": ("直联接口", "系统", "system")}
PEOPLE = {"buyer": BUYERS, "supplier": SUPPLIERS, "bank": BANKS, "registry": REGISTRIES}
SIGNING = frozenset({"buyer.purchaser", "buyer.checker", "supplier.owner"})


@dataclass
class Organisation:
    """A party with its people by duty."""

    id: str
    name: str
    capacity: str
    people: dict[str, Person] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def __getitem__(self, duty: str) -> Person:
        return self.people[duty]


class Registrar:
    """The operator's side of onboarding. Threads may share one."""

    def __init__(self, operator: Client, english: bool = False) -> None:
        self.operator, self.english = operator, english

    def register(self, parties: list[Body]) -> list[Organisation]:
        """Register these in one import; nobody is verified and nobody has a key yet."""
        results = self.operator.post("/parties/import", {"rows": parties})["results"]
        return [
            Organisation(result["id"], party["name"], party["capacities"][0])
            for party, result in zip(parties, results, strict=True)
        ]

    def verify(self, organisation: Organisation) -> None:
        """Its credit code and papers were seen."""
        path = f"/parties/{organisation.id}/verify"
        self.operator.post(path, {"valid_until": VALID_UNTIL.isoformat()})

    def staff(self, organisation: Organisation) -> Organisation:
        """Add its people and give them keys: the first by the operator, the others by the first.

        Nothing happens when it has its people already.
        """
        with organisation.lock:
            if not organisation.people:
                adder = self.operator
                for duty, person in PEOPLE[organisation.capacity].items():
                    organisation.people[duty] = self._person(adder, organisation, duty, person)
                    adder = next(iter(organisation.people.values())).client
        return organisation

    def _person(
        self, adder: Client, organisation: Organisation, duty: str, said: tuple[str, str, str]
    ) -> Person:
        name, chinese, english = said
        body = {"party_id": organisation.id, "name": name, "roles": [duty]}
        user = adder.post("/users", body)
        title = english if self.english else chinese
        key = adder.post("/api-keys", {"user_id": user["id"], "name": title})
        language = "en" if self.english else "zh-CN"
        client = Client(self.operator.url, key["secret"], language=language)
        person = Person(name, title, organisation.name, user["id"], client)
        if duty in SIGNING:
            person.register_signing_key()
        return person
