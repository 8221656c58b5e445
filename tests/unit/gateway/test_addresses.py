"""Which addresses may be called, and which codes name an organisation."""

import pytest

from services.gateway.addresses import is_public, may_be_called
from services.gateway.commands import credit_code


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::", "2001:db8::1",
        "fec0::1", "feff::1", "::127.0.0.1", "::8.8.8.8", "::ffff:0:7f00:1", "192.0.0.8",
        "192.0.0.9", "3fff::1", "3fff:fff::1",
        "not an address", "",
    ],
)  # fmt: skip
def test_private_addresses_are_not_called(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://bank.example.com/hook", "https://localhost/x", "https://127.0.0.1/", "https://[::1]/",
        "https://user:pass@bank.example.com/", "https://bank/", "https://10.0.0.8:8443/x",
        "https://0x7f000001/", "https://2130706433/", "https://0177.0.0.1/", "ftp://bank.example.com",
        "https://db.internal/", "https://printer.local", "https://", "//bank.example.com",
        "https://bank.example.com:0/", "https://bank.example.com:99999/", "https://银行.example.com/",
        "javascript:alert(1)", "https://[::ffff:127.0.0.1]/", "https://localhost./",
        "https://a..b/", "https://.bank.example.com/", "https://-a.example.com/",
        "https://a-.example.com/", "https://a b.example.com/", "https://bank.example.com../",
        "https://[fec0::1]/", "https://[::127.0.0.1]/", "https://[::ffff:0:7f00:1]/",
        "https://192.0.0.8/", "https://[3fff::1]/", "https://exa\nmple.com/",
        "https://bank.example.com/a\nb", "https://bank.example.com/a b", "https://bank.example.com/\t",
        "https://bank.example.com/?a=\x7f", "https://bank.example.com/#\u00a0",
        "\nhttps://bank.example.com/", "https://bank.example.com/a\r\nX: y",
        f"https://{'a' * 64}.example.com/", f"https://{'a.' * 126}example.com/",
    ],
)  # fmt: skip
def test_urls_that_may_not_be_registered(url: str) -> None:
    assert not may_be_called(url, allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "https://bank.example.com/hook",
        "https://8.8.8.8:8443/x",
        "https://[2400:3200::1]/x",
        "https://x_1.Example-Bank.com./",
        f"https://{'a' * 63}.com/",
        "https://bank.example.com/a%20b?x=%0A&y=~!#z",
    ],
)
def test_urls_that_may_be_registered(url: str) -> None:
    assert may_be_called(url, allow_private=False)


def test_an_impossible_name_is_no_private_one_either() -> None:
    assert not may_be_called("http://a..b/", allow_private=True)


def test_an_operator_may_allow_its_own_network() -> None:
    assert may_be_called("http://127.0.0.1:8790/webhooks", allow_private=True)
    assert not may_be_called("ftp://127.0.0.1/", allow_private=True)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("91110000600037341L", "91110000600037341L"),  # a company
        (" 9111 0000-600037341l ", "91110000600037341L"),
        ("９1110000600037341L", "91110000600037341L"),  # full-width, as an input method types it
    ],
)
def test_credit_codes_are_brought_to_their_normal_form(given: str, code: str) -> None:
    assert credit_code.normal(given) == code


@pytest.mark.parametrize("start", ["N2", "N1", "A1", "Y1", "12", "52", "81"])
def test_codes_of_all_authorities_of_the_standard_are_taken(start: str) -> None:
    from stdnum.cn import uscc

    body = f"{start}110000600037341"
    assert credit_code.normal(body + uscc.calc_check_digit(body)).startswith(start)


@pytest.mark.parametrize(
    "text",
    ["0" * 18, "91110000600037341M", "9111000060003734", "91110000600037341LL", "", "I" * 18,
     "B1110000600037341L", "91110000O00037341L", "91A10000600037341L"],
)  # fmt: skip
def test_what_is_no_credit_code(text: str) -> None:
    with pytest.raises(ValueError, match="credit code"):
        credit_code.normal(text)
