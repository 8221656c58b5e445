"""Public demands as open data: packages by cursor and by day, one by its process."""

from typing import Any

import pytest

from services.messaging import Ids
from tests.integration.gateway.api_client import OCDS_PREFIX, SITE, Gateway, problem_of
from tests.integration.gateway.facts import a_demand

PATH = "/api/v1/ocds/releases"
DAYS = range(1, 8)


@pytest.fixture(scope="module")
def site(gateway: Gateway) -> Gateway:
    """Seven demands of one buyer, one a day at 00:30 in Beijing, and a draft."""
    buyer = gateway.organisation("穗城水务集团", "buyer", credit_code="91110000600037341L")["id"]
    shown = {"awarded_supplier_id": None, "facets": None, "kind": "order"}
    gateway.project(
        *(a_demand(buyer, number=f"QF-D-2026-00000{day}", **shown,
                   published_at=f"2026-03-{day:02d}T16:30:00+00:00") for day in DAYS),
        a_demand(buyer, past="created", number="QF-D-2026-000099", state="draft",
                 published_at=None, **shown),
    )  # fmt: skip
    return gateway


def package(site: Gateway, query: str = "") -> dict[str, Any]:
    answer = site.nobody.send("GET", PATH + query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def numbers(found: dict[str, Any]) -> list[int]:
    return [int(release["ocid"][-1]) for release in found["releases"]]


def test_a_package_leads_to_the_next_until_all_were_read(site: Gateway) -> None:
    seen, query = [], "?limit=3"
    for _ in range(3):
        found = package(site, query)
        assert {"uri", "version", "publishedDate", "publisher", "releases"} <= found.keys()
        seen += numbers(found)
        query = found.get("links", {}).get("next", "").partition(PATH)[2]
    assert (seen, query) == (list(reversed(DAYS)), "")


@pytest.mark.parametrize("query", ["?limit=3&from=2026-03-01", f"/{OCDS_PREFIX}-QF-D-2026-000003"])
def test_a_package_says_where_the_platform_is_whatever_host_was_asked(
    site: Gateway, query: str
) -> None:
    """Caches give to all what one was answered."""
    plain = site.nobody.send("GET", PATH + query)
    asked = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    answer = site.nobody.send("GET", PATH + query, headers=asked)
    assert answer.data == plain.data and "evil" not in answer.text
    assert answer.json["uri"] == f"{SITE.public_url}{PATH}{query}"
    following = answer.json.get("links", {}).get("next", SITE.public_url)
    assert following.startswith(SITE.public_url)


def test_days_are_those_of_beijing(site: Gateway) -> None:
    assert numbers(package(site, "?from=2026-03-04&to=2026-03-05")) == [4, 3]
    assert numbers(package(site, "?from=2026-03-09")) == []
    assert numbers(package(site, "?to=2026-03-02")) == [1]
    narrowed = package(site, "?from=2026-03-02&to=2026-03-06&limit=2")
    assert "from=2026-03-02&to=2026-03-06" in narrowed["links"]["next"]


def test_one_process_is_a_package_of_one_release(site: Gateway) -> None:
    ocid = f"{OCDS_PREFIX}-QF-D-2026-000003"
    (release,) = package(site, f"/{ocid}")["releases"]
    assert release["ocid"] == ocid
    assert release["parties"][0]["identifier"]["id"] == "91110000600037341L"
    for unknown in ("QF-D-2026-000003", "ocds-other0-QF-D-2026-000003", f"{OCDS_PREFIX}-x",
                    f"{OCDS_PREFIX}-QF-D-2026-000099", f"{OCDS_PREFIX}-%00"):  # fmt: skip
        assert problem_of(site.nobody.send("GET", f"{PATH}/{unknown}")) == (404, "not_found")


def test_who_holds_a_package_is_told_so(site: Gateway) -> None:
    tag = site.nobody.send("GET", PATH).headers["ETag"]
    assert site.nobody.send("GET", PATH, headers={"If-None-Match": tag}).status_code == 304
    buyer = Ids().new()
    given = {"id": Ids().new(), "number": "QF-D-2026-000008", "awarded_supplier_id": None}
    site.project(a_demand(buyer, published_at="2026-01-01T00:00:00+00:00", **given))
    again = site.nobody.send("GET", PATH, headers={"If-None-Match": tag})
    assert again.status_code == 200 and again.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "query",
    ["from=2026-02-30", "to=yesterday", "from=20260301", "limit=0", "limit=101", "cursor=x",
     "other=1", "from=2026-03-01&from=2026-03-02", "from=1999-01-01"],
)  # fmt: skip
def test_a_package_is_asked_for_properly(site: Gateway, query: str) -> None:
    assert problem_of(site.nobody.send("GET", f"{PATH}?{query}")) == (422, "query_invalid")
