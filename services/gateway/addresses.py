"""Which addresses the platform may call: a webhook must not reach into its own network."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address

# IPv6 that stands for an IPv4 address, which may be a private one: IPv4-compatible (RFC 4291,
# 2.5.5.1), translated (RFC 2765, 2.1; RFC 6052; RFC 8215), 6to4 and Teredo.
_TRANSLATED = (
    "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32",
)  # fmt: skip
# Not reachable from everywhere by IANA's registries of special-purpose addresses, though some
# versions of Python hold them for global: protocol assignments, documentation (RFC 9637).
_SPECIAL = ("192.0.0.0/24", "3fff::/20")
_REFUSED = tuple(map(ip_network, _TRANSLATED + _SPECIAL))

# What DNS can hold (RFC 1123, and the underscores that are in use); an IPv6 address has colons.
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,254}}\Z){_LABEL}(?:\.{_LABEL})*\.?")


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the public internet; False for what is not an address."""
    try:
        address: Address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        if address.is_site_local:  # fec0::/10, which routers of old networks still carry
            return False
    if any(address in network for network in _REFUSED):
        return False
    return address.is_global and not address.is_multicast


def may_be_called(url: str, allow_private: bool) -> bool:
    """Whether a URL may be registered. Its names are resolved when it is called, each time.

    https only, no credentials in it; `allow_private` is for an operator's own test network.
    """
    if not all("!" <= character <= "~" for character in url):
        return False  # a space or line feed: parsers drop it, and would call what nobody wrote
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.password or port == 0:
        return False
    if not (":" in host or _NAME.fullmatch(host)):
        return False
    if allow_private:
        return parts.scheme in {"http", "https"}
    return parts.scheme == "https" and not _is_private_host(host)


def _is_private_host(host: str) -> bool:
    """Literal addresses and names without a dot; `0x7f.1` and the like are no names either."""
    last = host.rstrip(".").rpartition(".")[2]
    if ":" in host or last.isdigit() or last.startswith("0x"):
        return not is_public(host)
    return "." not in host.rstrip(".") or last in {"localhost", "local", "internal", "onion"}
