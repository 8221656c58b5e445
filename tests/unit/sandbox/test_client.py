"""What a caller may rely on: safe retries, one key per wish, pages, the reasons of a refusal."""

import time

import pytest

from services.client import Client, NoAnswer, Patience, Refused, fen, money
from services.client.retry import Patience as Pauses
from tests.unit.sandbox.scripted import ok, problem, serving

QUICK = Patience(total_s=2.0, first_pause_s=0.01, longest_pause_s=0.02)


def test_retries_carry_the_same_key() -> None:
    script = {"POST /demands": [problem(503, "unavailable"), problem(504, "late"), ok({"id": "d"})]}
    with serving(script) as platform:
        answer = Client(platform.url, "k", patience=QUICK).post("/demands", {"title": "t"})
    assert answer == {"id": "d"}
    assert len(platform.calls) == 3
    assert len(set(platform.keys("POST /demands"))) == 1


def test_two_wishes_have_two_keys() -> None:
    with serving({"POST /demands": [ok({})]}) as platform:
        client = Client(platform.url, "k")
        client.post("/demands")
        client.post("/demands")
    assert len(set(platform.keys("POST /demands"))) == 2


def test_a_request_in_flight_is_asked_for_again() -> None:
    with serving({"POST /x": [problem(409, "in_flight"), ok({"id": "x"})]}) as platform:
        assert Client(platform.url, "k", patience=QUICK).post("/x") == {"id": "x"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 413, 422, 428, 500])
def test_a_final_refusal_is_not_repeated(status: int) -> None:
    script = {"POST /x": [problem(status, "some_reason")]}
    with serving(script) as platform, pytest.raises(Refused) as caught:
        Client(platform.url, "k", patience=QUICK).post("/x")
    assert (caught.value.status, caught.value.code) == (status, "some_reason")
    assert len(platform.calls) == 1


def test_retry_after_is_respected() -> None:
    script = {"GET /x": [problem(429, "busy", **{"Retry-After": "1"}), ok({})]}
    with serving(script) as platform:
        began_s = time.monotonic()
        Client(platform.url, "k", patience=QUICK).get("/x")
    assert time.monotonic() - began_s >= 1.0


def test_patience_ends() -> None:
    script = {"GET /x": [problem(503, "unavailable")]}
    with serving(script) as platform, pytest.raises(NoAnswer, match="unavailable"):
        Client(platform.url, "k", patience=Patience(0.2, 0.01, 0.05)).get("/x")
    assert len(platform.calls) > 2


def test_a_platform_that_is_away_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        Client("http://127.0.0.1:1", "k", patience=Patience(0.1, 0.01, 0.02)).get("/x")


def test_a_listing_is_read_to_its_end() -> None:
    pages = [ok({"items": [1, 2], "next": "c"}), ok({"items": [3], "next": None})]
    with serving({"GET /demands": pages}) as platform:
        assert list(Client(platform.url, "k").items("/demands")) == [1, 2, 3]


def test_the_version_seen_goes_along_as_an_entity_tag() -> None:
    with serving({"POST /demands/d/amend": [ok({})]}) as platform:
        Client(platform.url, "k").post("/demands/d/amend", version=3)
    assert platform.calls[0][2]["If-Match"] == '"3"'


def test_retry_after_may_be_a_date() -> None:
    assert Pauses().pause_s(1, "Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert Pauses(first_pause_s=1.0).pause_s(1, "soon") <= 1.0


@pytest.mark.parametrize("amount_fen", [0, 1, 99, 100, 123456789, 10**15])
def test_money_reads_back_as_written(amount_fen: int) -> None:
    assert fen(money(amount_fen)) == amount_fen


@pytest.mark.parametrize(
    "amount",
    ["1.234", "-0.50", "-1", "+1.00", "1e3", "1_000", " 1", "1.", ".5", "", "01", "１", "1\n"],
)
def test_what_is_no_plain_amount_is_not_guessed_at(amount: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        fen({"amount": amount, "currency": "CNY"})


def test_other_currencies_are_not_mistaken_for_yuan() -> None:
    with pytest.raises(ValueError, match="not CNY"):
        fen({"amount": "1.00", "currency": "USD"})
