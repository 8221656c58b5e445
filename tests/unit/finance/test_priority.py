"""Who comes first, and whom the debtor may pay: the vectors of the rule and their properties."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.finance.priority import Claim, discharges, distribute, rank


def at(clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


def order(*claims: Claim) -> list[str]:
    return ["".join(claim.holder for claim in tier) for tier in rank(claims)]


def test_registered_before_unregistered_and_the_earlier_first() -> None:
    a = Claim("A", 100, registered_at=at("10:00"), filing_number="1")
    b = Claim("B", 100, registered_at=at("09:59"), filing_number="2")
    c = Claim("C", 100, noticed_at=at("08:00"))
    assert order(a, b, c) == ["B", "A", "C"]


def test_equal_times_of_registration_go_by_filing_number() -> None:
    a = Claim("A", 100, registered_at=at("10:00"), filing_number="ZD0002")
    b = Claim("B", 100, registered_at=at("10:00"), filing_number="ZD0001")
    assert order(a, b) == ["B", "A"]


def test_unregistered_the_first_notice_to_arrive_wins() -> None:
    a = Claim("A", 100, noticed_at=at("10:02"))
    b = Claim("B", 100, noticed_at=at("10:01"))
    assert order(a, b)[0] == "B"


def test_neither_registered_nor_noticed_share_pro_rata() -> None:
    assert distribute(50, [Claim("A", 60), Claim("B", 40)]) == {"A": 30, "B": 20}
    assert distribute(100, [Claim("A", 60), Claim("B", 40)]) == {"A": 60, "B": 40}


def test_a_registered_pledge_takes_its_place_by_time() -> None:
    pledge = Claim("P", 100, kind="pledge", registered_at=at("09:00"), filing_number="1")
    factor = Claim("F", 100, registered_at=at("09:01"), filing_number="2")
    assert order(factor, pledge) == ["P", "F"]


def test_an_unregistered_pledge_has_no_right() -> None:
    pledge = Claim("P", 100, kind="pledge", noticed_at=at("08:00"))
    assert order(pledge, Claim("F", 100)) == ["F"]
    assert distribute(100, [pledge, Claim("F", 100)]) == {"P": 0, "F": 100}


def test_paying_the_first_noticed_discharges_whatever_the_registry_says() -> None:
    notices = {"A": at("10:02"), "B": at("10:01")}
    assert discharges("B", at("12:00"), seller="S", notices=notices)
    assert not discharges("A", at("12:00"), seller="S", notices=notices)
    assert not discharges("S", at("12:00"), seller="S", notices=notices)


def test_before_any_notice_paying_the_seller_discharges() -> None:
    notices = {"A": at("10:02")}
    assert discharges("S", at("10:01"), seller="S", notices=notices)
    assert not discharges("A", at("10:01"), seller="S", notices=notices)


moments = st.none() | st.integers(0, 3).map(lambda n: at("09:00") + timedelta(minutes=n))
claims = st.lists(
    st.builds(
        Claim,
        holder=st.uuids().map(str),
        amount_fen=st.integers(1, 10**9),
        kind=st.sampled_from(["assignment", "pledge"]),
        registered_at=moments,
        filing_number=st.integers(1, 9).map(str),
        noticed_at=moments,
    ),
    max_size=8,
    unique_by=lambda claim: claim.holder,
)


@given(claims, st.integers(0, 10**10))
def test_nobody_gets_more_than_its_claim_and_no_fen_is_lost(
    given_claims: list[Claim], fund_fen: int
) -> None:
    shares = distribute(fund_fen, given_claims)
    standing = [claim for tier in rank(given_claims) for claim in tier]
    assert sum(shares.values()) == min(fund_fen, sum(claim.amount_fen for claim in standing))
    assert all(0 <= shares[claim.holder] <= claim.amount_fen for claim in given_claims)


@given(claims, st.integers(0, 10**10))
def test_a_later_tier_gets_nothing_before_the_earlier_is_whole(
    given_claims: list[Claim], fund_fen: int
) -> None:
    shares = distribute(fund_fen, given_claims)
    whole = True
    for tier in rank(given_claims):
        got = sum(shares[claim.holder] for claim in tier)
        assert whole or got == 0
        whole = got == sum(claim.amount_fen for claim in tier)
