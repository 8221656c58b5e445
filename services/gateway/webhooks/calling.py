"""HTTP calls to addresses that strangers chose."""

import socket
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from services.gateway.addresses import is_public

POOL = 16  # as many as there are senders
MAX_ADDRESSES = 4  # of one name that are tried; each may take the whole time-out


class _Guarded(HTTPConnection):
    """Judges the addresses that a name has now, and connects to those very ones.

    The name is looked up once: a second look could find another address. What is not public gets
    no packet at all, so that no answer and no time tells whether somebody is there.
    """

    def _new_conn(self) -> socket.socket:
        addresses = self._public()
        for address in addresses[:-1]:
            try:
                return self._reached(address)
            except (NewConnectionError, ConnectTimeoutError):
                continue
        return self._reached(addresses[-1])

    def _public(self) -> list[str]:
        """Raises NewConnectionError where there is none, whatever the reason."""
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        public = [address for address in addresses if is_public(address)]
        if not public:
            raise NewConnectionError(self, "not on the public internet")
        return public[:MAX_ADDRESSES]

    def _reached(self, address: str) -> socket.socket:
        try:
            opened = create_connection(
                (address, self.port),
                self.timeout,
                source_address=self.source_address,
                socket_options=self.socket_options,
            )
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "no answer to connecting") from error
        except OSError as error:
            raise NewConnectionError(self, "not connected") from error
        if not is_public(opened.getpeername()[0]):
            opened.close()
            raise NewConnectionError(self, "not on the public internet")
        return opened


class _GuardedTls(_Guarded, HTTPSConnection):
    """The same under TLS, before the handshake; the certificate is of the name."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTls


class _GuardedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


def session_for(*, allow_private: bool) -> requests.Session:
    """A session without proxies, cookies or retries; private addresses only where allowed."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # receivers set none
    adapter = HTTPAdapter if allow_private else _GuardedAdapter
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter(pool_connections=POOL, pool_maxsize=POOL, pool_block=False))
    return session


def code_of(error: Exception) -> str:
    """Why there was no answer, as its owner is told: one of `contracts.webhook.ERRORS`."""
    if isinstance(error, requests.exceptions.SSLError):
        return "tls_failed"
    if isinstance(error, requests.Timeout | TimeoutError):
        return "timed_out"
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, NewConnectionError) or not isinstance(error, requests.RequestException):
        return "not_reached"
    return "broken_off" if isinstance(error, requests.ConnectionError) else "not_reached"
