"""The commands of CONTRIBUTING's first hour: publish, match, break, mend.

`.venv/bin/python docs/first_hour.py COMMAND`, beside a platform that `make run` has started.
"""

import random
import sys
import time
from datetime import UTC, datetime, timedelta

import psycopg2

from deploy.sails import runner
from deploy.sails.demo.cast import Registrar
from deploy.sails.demo.imports import bring_in
from deploy.sails.operator_key import operator_of
from deploy.sails.samples.parties import buyers, suppliers
from deploy.sails.state import StateFolder, write_private
from services.client import Client, Refused, money

SUPPLY = {
    "kind": "product",
    "title": "钛合金叶轮五轴加工",
    "text": "五轴联动数控加工，最小批量一件。",
    "qualifications": [{"name": "AS9100", "grade": None, "expires_on": None}],
    "source_ref": "first-hour",
}
DEMAND = {
    "title": "采购钛合金叶轮",
    "text": "需要五轴联动加工的钛合金叶轮二十件。",
    "budget": money(800_000_00),
    "requirements": [{"name": "AS9100", "grade": None}],
    "terms": {
        "nodes": [{"kind": "acceptance", "share_bp": 10_000, "term_days": 30}],
        "inspection_days": 7,
    },
}
MATCHED_WITHIN_S = 30.0


class Hour:
    """The running platform, and the operator's way into it."""

    def __init__(self):
        state = StateFolder()
        self.layout = runner.running_layout(state)
        if self.layout is None:
            sys.exit("没有运行的平台，请先 make run / nothing runs, first: make run")
        self.operator = operator_of(state, self.layout)
        self._key = state.data / "first-hour.key"  # the purchaser's, who is added once

    def publish(self):
        """A buyer's order, for which one supplier is known."""
        buyer, supplier = self._organisations()
        self._until_known(supplier)
        closes_at = datetime.now(UTC) + timedelta(days=7)
        draft = buyer.post("/demands", DEMAND | {"quote_deadline_at": closes_at.isoformat()})
        order = buyer.post(f"/demands/{draft['id']}/publish")
        print(f"{order['number']} {order['title']}: {order['state']}, thread {order['thread_id']}")

    def match(self):
        """Who fits the newest order, and why."""
        [order] = self.operator.get("/demands", view="operator", limit=1)["items"]
        until = time.monotonic() + MATCHED_WITHIN_S
        while not (found := self._matches(order)):
            if time.monotonic() > until:
                sys.exit(f"{order['number']}: 没有撮合 / no match")
            time.sleep(0.2)
        for match in found:
            print(f"{order['number']} → {match['supplier_name']}, {match['score_ppm']} ppm")
            for part in match["contributions"]:
                print(f"  {part['feature']:<14} {part['contribution_ppm']:>8}")
            for verdict in match["verdicts"]:
                print(f"  {verdict['constraint']:<14} {verdict['verdict']:<8} {verdict['note_zh']}")

    def break_(self):
        """Take the table away that matching writes to: its next fact fails."""
        self._rename("matches", "matches_taken_away")

    def mend(self):
        """Put it back."""
        self._rename("matches_taken_away", "matches")

    def _organisations(self):
        """A buyer's purchaser and a supplier's id; registered at the first time."""
        rng = random.Random(1)
        registrar = Registrar(self.operator)
        buyer, supplier = registrar.register([buyers(rng)[0], suppliers(rng)[0][1]])
        if not self._key.exists():
            registrar.verify(buyer)
            body = {"party_id": buyer.id, "name": "张敏", "roles": ["buyer.purchaser"]}
            user = self.operator.post("/users", body)
            key = self.operator.post("/api-keys", {"user_id": user["id"], "name": "采购系统"})
            write_private(self._key, key["secret"])
        return Client(self.layout.http_url, self._key.read_text()), supplier.id

    def _until_known(self, supplier_id):
        """Matching hears of a new organisation a moment after it was registered."""
        bring_in(self.operator, "/supplies/import", [SUPPLY | {"supplier_id": supplier_id}])

    def _matches(self, order):
        return self.operator.get("/matches", view="operator", thread_id=order["thread_id"])["items"]

    def _rename(self, name, other):
        url = self.layout.environment["DATABASE_URL_MATCHING"].replace("+psycopg2", "")
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {name} RENAME TO {other}")
        print(f"{name} → {other}")


def main(command):
    """Run one of the four."""
    commands = {"publish": "publish", "match": "match", "break": "break_", "mend": "mend"}
    if command not in commands:
        sys.exit(f"first_hour.py {' | '.join(commands)}")
    try:
        getattr(Hour(), commands[command])()
    except Refused as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
