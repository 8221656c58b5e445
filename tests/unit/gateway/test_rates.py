"""How often a caller may ask, and that nobody pays for another's haste."""

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from services import settings
from services.contracts.problems import Problem
from services.gateway.edge import direct, rates
from services.gateway.edge.application import Edge
from services.gateway.edge.intake import Call
from services.gateway.edge.places import Places
from services.gateway.edge.rates import Buckets, Rates, site_of
from services.settings import Rate

READS, COMMANDS, STRANGERS = Rate(10, 20), Rate(2, 4), Rate(1, 3)
BANK, BUYER, WRONG = "Bearer bank", "Bearer buyer", "Bearer wrong"
OF_BANK = [f"{BANK} {number}" for number in range(10)]  # further keys of the same person


class Counter:
    """An edge whose clock stands still until it is moved; `served` is what came through."""

    def __init__(self) -> None:
        self.now_s, self.served, self.revoked = 100.0, 0, {WRONG}
        counted = Rates(READS, COMMANDS, STRANGERS, lambda: self.now_s)
        self.edge: Any = Edge(self._serve, direct.actions(list), Places(10), counted)

    def _serve(self, call: Call) -> Response:
        self.served += 1
        key = call.request.headers["Authorization"]
        if key in self.revoked:
            raise Problem("key_invalid")
        call.request.environ[rates.PERSON] = "bank" if key in OF_BANK else key.split()[-1]
        if call.id:
            raise Problem("not_found")
        return Response("{}")

    def ask(
        self,
        path: str,
        key: str = BANK,
        method: str = "GET",
        address: str = "192.0.2.1",
        **more: str,
    ) -> TestResponse:
        headers = {"Authorization": key, "Accept-Language": "en"} | more
        base = {"REMOTE_ADDR": address}
        return Client(self.edge).open(path, method=method, headers=headers, environ_base=base)

    def statuses(self, count: int, *asked: str, **more: str) -> list[int]:
        return [self.ask(*asked, **more).status_code for _ in range(count)]


@pytest.fixture
def counter() -> Iterator[Counter]:
    yield Counter()


def test_a_burst_is_served_and_then_as_much_as_the_rate(counter: Counter) -> None:
    assert counter.ask("/api/v1/parties").status_code == 200  # it proves good
    assert counter.statuses(25, "/api/v1/parties") == [200] * 20 + [429] * 5
    counter.now_s += 0.5
    assert counter.statuses(10, "/api/v1/parties") == [200] * 5 + [429] * 5
    assert counter.served == 26  # none of those refused has cost a worker
    counter.now_s += 3_600
    assert counter.statuses(21, "/api/v1/parties") == [200] * 20 + [429]


def test_reads_commands_and_keys_each_have_their_own(counter: Counter) -> None:
    assert counter.ask("/api/v1/parties").status_code == 200
    assert counter.statuses(6, "/api/v1/demands", BANK, "POST") == [200] * 4 + [429] * 2
    assert counter.ask("/api/v1/parties").status_code == 200
    assert counter.statuses(2, "/api/v1/parties", BUYER) == [200, 200]
    assert counter.statuses(4, "/api/v1/demands", BUYER, "POST") == [200] * 4


def test_all_keys_of_a_person_share(counter: Counter) -> None:
    keys = [BANK, *OF_BANK]
    assert [counter.ask("/api/v1/parties", key).status_code for key in keys] == [200] * 11
    asked = [counter.ask("/api/v1/parties", key).status_code for key in keys * 3]
    assert asked == [200] * 20 + [429] * 13
    commanded = [counter.ask("/api/v1/demands", key, "POST").status_code for key in keys]
    assert commanded == [200] * 4 + [429] * 7
    assert counter.ask("/api/v1/parties", BUYER).status_code == 200


def test_a_new_key_is_known_by_a_refusal_too(counter: Counter) -> None:
    """What it asks for may not be there; that does not make it a guess."""
    assert counter.statuses(10, "/api/v1/parties/x", BUYER) == [404] * 10
    assert counter.ask("/api/v1/parties", WRONG).status_code == 401


def test_a_refusal_says_when_to_come_again(counter: Counter) -> None:
    counter.ask("/api/v1/parties")
    counter.statuses(4, "/api/v1/demands", BANK, "POST")
    english = counter.ask("/api/v1/demands", BANK, "POST")
    assert (english.status_code, english.headers["Retry-After"]) == (429, "1")
    assert english.json["code"] == "too_many_requests" and "1 s" in english.json["detail"]
    chinese = counter.ask("/api/v1/demands", BANK, "POST", **{"Accept-Language": "zh-CN"})
    assert "请求过于频繁" in chinese.json["detail"]
    assert counter.ask("/api/v1/parties", WRONG).status_code == 401
    counter.statuses(2, "/api/v1/parties", WRONG)
    assert counter.ask("/api/v1/parties", WRONG).headers["Retry-After"] == "1"


def test_wrong_keys_are_few_per_address_and_good_ones_there_go_on(counter: Counter) -> None:
    assert counter.ask("/api/v1/parties", BANK).status_code == 200
    guesses = [counter.ask("/api/v1/parties", f"{WRONG}").status_code for _ in range(5)]
    assert guesses == [401] * 3 + [429] * 2
    assert counter.statuses(3, "/api/v1/parties", BANK) == [200] * 3
    assert counter.ask("/api/docs").status_code == 429
    assert counter.ask("/healthz").status_code == counter.ask("/readyz").status_code == 200
    assert counter.ask("/api/v1/parties", WRONG, address="192.0.2.2").status_code == 401
    counter.now_s += 1
    assert counter.ask("/api/v1/parties", BUYER).status_code == 200  # a new one finds its turn


def test_a_good_key_costs_its_address_nothing(counter: Counter) -> None:
    for name in range(20):
        assert counter.ask("/api/v1/parties", f"Bearer {name}").status_code == 200


def test_a_key_is_one_however_its_header_is_written(counter: Counter) -> None:
    """Else a full bucket is to be had for every further space."""
    written = [BANK, "bearer bank", "BEARER  bank", "Bearer" + " " * 40 + "bank "]
    assert [counter.ask("/api/v1/parties", header).status_code for header in written] == [200] * 4
    assert counter.statuses(4, "/api/v1/demands", BANK, "POST") == [200] * 4
    refused = [counter.ask("/api/v1/demands", header, "POST").status_code for header in written]
    assert refused == [429] * 4


def test_a_revoked_key_is_a_stranger_s(counter: Counter) -> None:
    assert counter.ask("/api/v1/parties", BANK).status_code == 200
    counter.revoked.add(BANK)
    assert counter.statuses(6, "/api/v1/parties") == [401] * 4 + [429] * 2


def test_behind_a_proxy_the_address_is_the_caller_s(counter: Counter) -> None:
    counter.edge = ProxyFix(counter.edge, x_for=1)
    said = {"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}
    assert counter.statuses(4, "/api/docs", **said) == [200] * 3 + [429]
    other = {"X-Forwarded-For": "203.0.113.9, 198.51.100.2"}
    assert counter.ask("/api/docs", **other).status_code == 200


def test_an_address_is_its_site() -> None:
    assert site_of("2001:db8:1:2::1") == site_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::"
    assert site_of("2001:db8:1:3::1") != site_of("2001:db8:1:2::1")
    assert site_of("::ffff:192.0.2.1") == site_of("192.0.2.1") == "192.0.2.1"
    assert site_of("unknown") == "unknown"


def test_memory_is_bounded_and_forgets_the_longest_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "NAMES", 3)
    buckets = Buckets(Rate(1, 1), lambda: 0.0)
    assert [buckets.take(name) for name in "abcd"] == [0, 0, 0, 0]
    assert buckets.take("d") == 1 and buckets.take("a") == 0
    assert len(buckets._full_at) == 3


def test_settings_of_rates() -> None:
    given = {"AMQP_URI": "x", "DATABASE_URL_GATEWAY": "x"}
    assert settings.load("gateway", given).rate_reads == settings.Settings.rate_reads
    loaded = settings.load(
        "gateway", given | {"SAILS_RATE_READS": "2.5/10", "SAILS_RATE_COMMANDS": "0"}
    )
    assert (loaded.rate_reads, loaded.rate_commands) == (Rate(2.5, 10), Rate(0, 0))
    for wrong in ("5", "5/0", "-1/5", "fast"):
        with pytest.raises(ValueError):
            settings.load("gateway", given | {"SAILS_RATE_READS": wrong})


def test_without_a_bound_nothing_is_counted() -> None:
    buckets = Buckets(Rate(0, 0))
    assert not any(buckets.take("a") for _ in range(1_000)) and not buckets._full_at


def test_who_comes_by_itself_is_counted_by_address_and_by_all() -> None:
    """What is wrong with the form itself costs nothing; what says something of others does."""
    now_s = [100.0]
    joining = rates.Joining(Rate(0.01, 2), lambda: now_s[0])

    def ask(address: str, refusal: str = "") -> str:
        try:
            with joining.admitted(address):
                if refusal:
                    raise Problem(refusal)
        except Problem as refused:
            return refused.code
        return "served"

    assert [ask("one", "credit_code_invalid") for _ in range(9)] == ["credit_code_invalid"] * 9
    assert [ask("one", "organisation_known"), ask("one"), ask("one")] == [
        "organisation_known", "served", "too_many_requests",
    ]  # fmt: skip
    now_s[0] += 100
    assert [ask("one"), ask("one")] == ["served", "too_many_requests"]
    many = [ask(f"address {number}") for number in range(60)]
    assert many.count("served") < 2 * rates.ALL and many[-1] == "too_many_requests"
