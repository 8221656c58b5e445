"""Who plays in the story: organisations, and named people with the duties that they really have."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from deploy.sails.demo.person import Person
from services.client import Client

VALID_UNTIL = date(2099, 12, 31)  # verification and mandates outlast every demonstration

# Duty → (name, title zh, title en). The first of an organisation is added by the operator and
# adds the others, who may not be brought in by the other half of four eyes.
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
    "bank.system": ("银行系统", "系统", "system"),
    "bank.maker": ("赵磊", "客户经理", "maker"),
    "bank.approver": ("孙丽", "审批人", "approver"),
}
REGISTRIES = {"registry.system": ("登记系统", "系统", "system")}
PEOPLE = {"buyer": BUYERS, "supplier": SUPPLIERS, "bank": BANKS, "registry": REGISTRIES}
SIGNING = frozenset({"buyer.purchaser", "buyer.checker", "supplier.owner"})


@dataclass
class Organisation:
    """A party with its people by duty."""

    id: str
    name: str
    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, duty: str) -> Person:
        return self.people[duty]


class Registrar:
    """The operator's side of onboarding. Threads may share one."""

    def __init__(self, operator: Client, english: bool = False) -> None:
        self.operator, self.english = operator, english

    def verified(self, party: dict[str, Any]) -> Organisation:
        """Register and verify a party (`RegisterParty` of the API); nobody of it has a key yet."""
        document = self.operator.post("/parties", party)
        path = f"/parties/{document['id']}/verify"
        self.operator.post(path, {"valid_until": VALID_UNTIL.isoformat()})
        return Organisation(document["id"], document["name"])

    def staff(self, organisation: Organisation, capacity: str, *, only_first: bool = False) -> None:
        """Add its people and give them keys: the first by the operator, the others by the first."""
        adder = self.operator
        for duty, person in PEOPLE[capacity].items():
            organisation.people[duty] = self._person(adder, organisation, duty, person)
            adder = next(iter(organisation.people.values())).client
            if only_first:
                return

    def _person(
        self, adder: Client, organisation: Organisation, duty: str, said: tuple[str, str, str]
    ) -> Person:
        name, chinese, english = said
        body = {"party_id": organisation.id, "name": name, "roles": [duty]}
        user = adder.post("/users", body)
        key = adder.post("/api-keys", {"user_id": user["id"]})
        title = english if self.english else chinese
        language = "en" if self.english else "zh-CN"
        client = Client(self.operator.url, key["secret"], language=language)
        person = Person(name, title, organisation.name, user["id"], client)
        if duty in SIGNING:
            person.register_signing_key()
        return person
